/**
 * Every refusal Waybill can give, by its stable code. Codes are kept for ever, listed in
 * docs/SPEC.md, and are the only thing a caller may recognise an error by.
 */
const ERRORS = {
  // The request itself
  malformed: { status: 400, retryable: false },
  unknown_event: { status: 400, retryable: false },
  payload_too_large: { status: 413, retryable: false },
  idempotency_key_required: { status: 400, retryable: false },
  // Who asks
  unauthenticated: { status: 401, retryable: false },
  token_expired: { status: 401, retryable: false },
  bad_credentials: { status: 401, retryable: false },
  forbidden: { status: 403, retryable: false },
  origin_not_allowed: { status: 403, retryable: false },
  // What it is about
  not_found: { status: 404, retryable: false },
  link_revoked: { status: 410, retryable: false },
  method_not_allowed: { status: 405, retryable: false },
  email_taken: { status: 409, retryable: false },
  // What the machine says
  illegal_transition: { status: 409, retryable: false },
  offer_closed: { status: 409, retryable: false },
  wrong_pin: { status: 409, retryable: false },
  driver_busy: { status: 409, retryable: false },
  order_full: { status: 409, retryable: false },
  out_of_area: { status: 409, retryable: false },
  unavailable_item: { status: 409, retryable: false },
  // What the engine says
  command_mismatch: { status: 409, retryable: false },
  version_conflict: { status: 409, retryable: true },
  moved_on: { status: 409, retryable: false },
  wrong_version: { status: 503, retryable: true },
  outcome_unknown: { status: 503, retryable: true },
  overloaded: { status: 503, retryable: true },
  not_ready: { status: 503, retryable: true },
  rate_limited: { status: 429, retryable: true },
  internal_error: { status: 500, retryable: false },
} as const satisfies Record<string, { status: number; retryable: boolean }>;

export type ErrorCode = keyof typeof ERRORS;

/** Codes in the order docs/SPEC.md lists them. */
export const ERROR_CODES = Object.keys(ERRORS) as ErrorCode[];

/**
 * An expected refusal: something the caller can understand and act on.
 * Mistakes of ours are plain `Error`s and leave the process as `internal_error`.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  /** HTTP status the code is answered with. */
  readonly status: number;
  /** True when sending the same command again, unchanged, may succeed. */
  readonly retryable: boolean;
  /** Machine-readable facts: plain JSON, never a secret. */
  readonly details?: Record<string, unknown>;

  constructor(
    code: ErrorCode,
    message: string,
    options: ErrorOptions & { details?: Record<string, unknown> } = {},
  ) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
    this.status = ERRORS[code].status;
    this.retryable = ERRORS[code].retryable;
    if (options.details) this.details = options.details;
  }
}

export const isAppError = (error: unknown, ...codes: ErrorCode[]): error is AppError =>
  error instanceof AppError && (codes.length === 0 || codes.includes(error.code));

/** For the `default` of a switch over a union: a new member becomes a compile error here. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}
