import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';

/** Everything the process is told from outside, checked once. Durations are ms. */
export interface Config {
  readonly production: boolean;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Absent in development: a MongoDB of its own in `dataDir`. */
  readonly mongoUrl?: string;
  /** Absent in development: a secret of its own in `dataDir`. */
  readonly jwtSecret?: string;
  readonly jwtExpiresMs: number;
  readonly refreshExpiresMs: number;
  readonly dataDir: string;
  readonly mongodBinary?: string;
  /** Divides every configured duration of the product; 1 in production. */
  readonly timeScale: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Distinguishes nodes in logs and histories; a part that is unique to the process is added. */
  readonly nodeName: string;
  /** Browser origins that may call; empty: the server's own only. */
  readonly corsOrigins: readonly string[];
  /** Proxies in front whose X-Forwarded-For and X-Forwarded-Host are believed. */
  readonly trustedProxies: number;
}

/** The environment is not what it must be; the message lists everything at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** Secrets that stand in examples all over the world, ours among them. */
const SAMPLES = /^(secret|changeme|change-me|your-|example|test|password|0+$|1234)/i;

const duration = (from: string) =>
  z
    .string()
    .regex(/^[1-9]\d{0,5}[smhd]$/, 'must be a number and a unit: 900s, 15m, 2h or 30d')
    .default(from)
    .transform((text) => Number(text.slice(0, -1)) * UNITS[text.slice(-1) as keyof typeof UNITS]);

const integer = (from: number, min: number, max: number) =>
  z.coerce
    .number(`must be a whole number from ${min} to ${max}`)
    .int(`must be a whole number from ${min} to ${max}`)
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`)
    .default(from);

/** A browser's Origin is compared with it letter by letter. */
const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text;

const ENVIRONMENT = z.object({
  NODE_ENV: z
    .enum(['development', 'production', 'test'], 'must be development, production or test')
    .default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: integer(3_000, 0, 65_535),
  MONGO_URL: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb:// or mongodb+srv://')
    .optional(),
  JWT_SECRET_KEY: z
    .string()
    .refine((text) => Buffer.byteLength(text) >= 32, 'must have at least 32 bytes')
    .refine((text) => !SAMPLES.test(text), 'is a known sample; make one: openssl rand -base64 48')
    .optional(),
  JWT_EXPIRES: duration('15m'),
  REFRESH_EXPIRES: duration('30d'),
  DATA_DIR: z.string().min(1).default('.data'),
  MONGOD_BINARY: z.string().min(1).optional(),
  TIME_SCALE: integer(1, 1, 60),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
  NODE_NAME: z.string().max(100, 'must have at most 100 characters').default(hostname()),
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((origin) => origin.trim())
        .filter(Boolean),
    )
    .refine(
      (origins) => origins.every(isOrigin),
      'must be origins as browsers send them: https://shop.example or http://localhost:5173, no path, no slash at the end',
    ),
  TRUSTED_PROXIES: integer(0, 0, 10),
});

/** The names of all keys, for the example and its test. */
export const CONFIG_KEYS = Object.keys(ENVIRONMENT.shape);

/**
 * The configuration in an environment. Empty values count as absent; unknown keys are not ours.
 * @throws {ConfigError} naming every key that is wrong, and what would be right
 */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = ENVIRONMENT.safeParse(given);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
  if (given.NODE_ENV === 'production') problems.push(...productionProblems(given));
  if (!parsed.success || problems.length > 0) {
    throw new ConfigError(
      `the configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\nEvery key is described in .env.example.`,
    );
  }
  const of = parsed.data;
  return {
    production: of.NODE_ENV === 'production',
    host: of.HOST,
    port: of.PORT,
    ...(of.MONGO_URL ? { mongoUrl: of.MONGO_URL } : {}),
    ...(of.JWT_SECRET_KEY ? { jwtSecret: of.JWT_SECRET_KEY } : {}),
    jwtExpiresMs: of.JWT_EXPIRES,
    refreshExpiresMs: of.REFRESH_EXPIRES,
    dataDir: of.DATA_DIR,
    ...(of.MONGOD_BINARY ? { mongodBinary: of.MONGOD_BINARY } : {}),
    timeScale: of.TIME_SCALE,
    logLevel: of.LOG_LEVEL,
    nodeName: of.NODE_NAME,
    corsOrigins: of.CORS_ORIGINS,
    trustedProxies: of.TRUSTED_PROXIES,
  };
}

/** What development supplies by itself, production must be given. */
function productionProblems(given: Record<string, string | undefined>): string[] {
  return [
    ...(given.MONGO_URL ? [] : ['MONGO_URL must be set in production: the URL of a replica set']),
    ...(given.JWT_SECRET_KEY
      ? []
      : ['JWT_SECRET_KEY must be set in production: openssl rand -base64 48']),
    ...((given.TIME_SCALE ?? '1') === '1' ? [] : ['TIME_SCALE must be 1 in production']),
  ];
}

/**
 * This process's own environment, after an `.env` file beside it has been read if there is one.
 * @throws {ConfigError} also when there is one and it cannot be read
 */
export function loadProcessConfig(): Config {
  try {
    // To `loadEnvFile` a file that may not be read is one that is not there.
    readFileSync('.env');
    process.loadEnvFile();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') {
      throw new ConfigError(
        `.env cannot be read (${code}); make it a file that this user may read, or remove it`,
      );
    }
  }
  return loadConfig(process.env);
}

/** The environment for a child process: this one's, with changes. */
export const childEnvironment = (changes: Record<string, string>): Record<string, string> => ({
  ...(process.env as Record<string, string>),
  ...changes,
});
