import type { Socket } from 'socket.io';
import { AppError } from '../../errors.ts';
import type { Claims } from '../auth/tokens.ts';
import type { ApiContext } from '../context.ts';
import { addressOf } from '../http/origin.ts';
import type { Services } from '../services/services.ts';
import { toWireError } from '../wire-error.ts';

/** Connections of one person to one node: devices and tabs, and what a broken client leaves open. */
const MOST_CONNECTIONS = 32;

/** What a handshake found out, kept with the socket. */
export interface Handshake {
  claims: Claims;
  address: string;
}

/**
 * Lets in who shows a good access token, in `auth.token` or `?token=`. A refusal reaches the client as
 * `connect_error` with `data`, a WireError.
 */
export function createHandshake(
  { config, log, tokens }: ApiContext,
  { people, metrics }: Pick<Services, 'people' | 'metrics'>,
): (socket: Socket, next: (error?: Error) => void) => void {
  /** Of each person, from the moment they are let in. */
  const open = new Map<string, Set<Socket['conn']>>();
  const entered = new WeakSet<Socket['conn']>();

  async function admit(socket: Socket): Promise<Handshake> {
    const address = addressOf(socket.request, config.trustedProxies);
    const { auth, query } = socket.handshake;
    const token: unknown = auth.token ?? query.token;
    if (typeof token !== 'string' || token === '' || token.length > 4_096) {
      throw new AppError('unauthenticated', 'connect with auth.token, an access token');
    }
    const claims = tokens.verify(token);
    await people.assertWelcome(claims);
    enter(claims.userId, socket.conn);
    return { claims, address };
  }

  /** Counts the connection at once: many that wait for the same answer are let in together. */
  function enter(userId: string, conn: Socket['conn']): void {
    if (conn.readyState !== 'open') throw new AppError('unauthenticated', 'it is closed');
    const own = open.get(userId) ?? new Set();
    if (own.size >= MOST_CONNECTIONS) {
      throw new AppError('overloaded', `${own.size} connections are open; close one`);
    }
    if (entered.has(conn)) throw new AppError('malformed', 'a connection shows one token, once');
    entered.add(conn);
    open.set(userId, own.add(conn));
    conn.once('close', () => {
      own.delete(conn);
      if (own.size === 0 && open.get(userId) === own) open.delete(userId);
    });
  }

  return (socket, next) => {
    admit(socket).then(
      (handshake) => {
        socket.data.handshake = handshake;
        next();
      },
      (error: unknown) => {
        const data = toWireError(error);
        if (data.code === 'internal_error') log.error({ err: error }, 'handshake failed');
        metrics.onRefusal(data.code);
        next(Object.assign(new Error(data.code), { data }));
      },
    );
  };
}
