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

/**
 * The process's log: JSON lines on stdout; on a terminal, text for people.
 * PINs, passwords and tokens are blotted out, also in URLs.
 */
export function createLog(config: { logLevel: string; nodeName: string }): Log {
  return pino({
    level: config.logLevel,
    base: { node: config.nodeName },
    redact: {
      paths: SECRET.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
      censor: '[redacted]',
    },
    serializers: { url: redactUrl, err: pino.stdSerializers.err },
    ...(process.stdout.isTTY
      ? { transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname,node' } } }
      : {}),
  });
}

/** A URL without the tokens that clients may put into it. */
export const redactUrl = (url: string): string =>
  url
    .replace(/([?&](?:token|access_token|refresh_token)=)[^&#]*/gi, '$1[redacted]')
    .replace(/^(\/t\/|\/v1\/track\/)[^/?#]+/i, '$1[redacted]');
