import { type Logger, pino } from 'pino';

export type Log = Logger;

/** Fields that never reach a log, at any depth that our own objects have. */
const SECRET = [
  'pin',
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'authorization',
  'cookie',
];

const STREAMS = { stdout: 1, stderr: 2 } as const;

/**
 * The process's log: JSON lines; on a terminal, text for people.
 * PINs, passwords and tokens are blotted out, also in URLs, and errors are told without what they carry.
 * @param to stderr for commands, whose stdout is what they were asked for
 */
export function createLog(
  config: { logLevel: string; nodeName: string },
  to: keyof typeof STREAMS = 'stdout',
): Log {
  const options = {
    level: config.logLevel,
    base: { node: config.nodeName },
    redact: {
      paths: SECRET.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
      censor: '[redacted]',
    },
    serializers: { url: redactUrl, err: presentError },
  };
  const destination = STREAMS[to];
  if (!process[to].isTTY) return pino(options, pino.destination({ dest: destination, sync: true }));
  const target = 'pino-pretty';
  return pino({
    ...options,
    transport: { target, options: { ignore: 'pid,hostname,node', destination } },
  });
}

/**
 * Kind, message, stack and causes of an error. Not its other fields: a driver's error carries the
 * very documents that could not be written, and in them PINs and addresses.
 */
export function presentError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { type, message, stack } = pino.stdSerializers.err(error);
  const { code } = error as { code?: unknown };
  return { type, message, ...(code === undefined ? {} : { code }), stack };
}

/** A URL without the tokens that clients may put into it. */
export const redactUrl = (url: string): string =>
  url
    .replace(/([?&](?:token|access_token|refresh_token)=)[^&#]*/gi, '$1[redacted]')
    .replace(/^(\/t\/|\/v1\/track\/)[^/?#]+/i, '$1[redacted]');
