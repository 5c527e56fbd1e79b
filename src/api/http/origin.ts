import type { IncomingMessage } from 'node:http';

/** True when a page of this origin may call: the server's own pages, and those it was told of. */
export function isAllowedOrigin(
  origin: string,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (allowed.includes(origin)) return true;
  try {
    return host !== undefined && new URL(origin).host === host;
  } catch {
    return false;
  }
}

/** Which host a request was sent to, as the HTTP side has it too: what the proxy was called by, if there is one. */
export function hostOf(request: IncomingMessage, trustedProxies: number): string | undefined {
  const forwarded = trustedProxies > 0 && request.headers['x-forwarded-host'];
  return forwarded ? String(forwarded).split(',')[0]?.trim() : request.headers.host;
}

/**
 * Who connects, for limits: the address that the outermost trusted proxy saw. What further entries
 * of X-Forwarded-For say is the sender's own invention.
 */
export function addressOf(request: IncomingMessage, trustedProxies: number): string {
  const direct = request.socket.remoteAddress ?? 'unknown';
  if (trustedProxies === 0) return direct;
  const header = request.headers['x-forwarded-for'];
  const hops = String(header ?? '')
    .split(',')
    .map((hop) => hop.trim())
    .filter(Boolean);
  return hops.at(-trustedProxies) ?? hops[0] ?? direct;
}
