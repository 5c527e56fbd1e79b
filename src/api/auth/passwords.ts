import { hash, verify } from '@node-rs/argon2';
import { AppError } from '../../errors.ts';

export interface Passwords {
  /** @throws {AppError} overloaded */
  hash(password: string): Promise<string>;
  /** Takes as long for an account that does not exist. @throws {AppError} overloaded */
  verify(hashed: string | undefined, password: string): Promise<boolean>;
}

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Each takes a core for some 30 ms and 19 MiB: a flood of logins must not take the process. */
const AT_ONCE = 2;
const MAX_WAITING = 100;

/** Password hashing with argon2id, bounded. */
export function createPasswords(): Passwords {
  let running = 0;
  const waiting: (() => void)[] = [];
  // What a login for nobody is compared with.
  const nobody = hash('nobody', PARAMETERS);

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= AT_ONCE) {
      if (waiting.length >= MAX_WAITING) {
        throw new AppError('overloaded', 'too many people are signing in at once; try again', {
          details: { retryAfterMs: 2_000 },
        });
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    running++;
    try {
      return await work();
    } finally {
      running--;
      waiting.shift()?.();
    }
  }

  return {
    hash: (password) => inTurn(() => hash(password, PARAMETERS)),
    verify: (hashed, password) =>
      inTurn(async () => {
        const isRight = await verify(hashed ?? (await nobody), password);
        return isRight && hashed !== undefined;
      }),
  };
}
