import type { Socket } from 'socket.io';
import { AppError } from '../../errors.ts';
import type { Claims } from '../auth/tokens.ts';
import type { ApiContext } from '../context.ts';
import { addressOf } from '../http/origin.ts';
import { principalOf } from '../services/people.ts';
import type { Services } from '../services/services.ts';
import { toWireError } from '../wire-error.ts';
import type { Crowd } from './crowd.ts';

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
  { people }: Pick<Services, 'people'>,
  crowd: Crowd,
): (socket: Socket, next: (error?: Error) => void) => void {
  async function admit(socket: Socket): Promise<Handshake> {
    const address = addressOf(socket.request, config.trustedProxies);
    const { auth, query } = socket.handshake;
    const token: unknown = auth.token ?? query.token;
    if (typeof token !== 'string' || token === '' || token.length > 4_096) {
      throw new AppError('unauthenticated', 'connect with auth.token, an access token');
    }
    const claims = tokens.verify(token);
    await people.assertWelcome(claims);
    assertRoom(claims);
    return { claims, address };
  }

  function assertRoom(claims: Claims): void {
    const { role, id } = principalOf(claims);
    const own = crowd.of(role, id).filter((session) => session.claims.userId === claims.userId);
    if (own.length < MOST_CONNECTIONS) return;
    throw new AppError('overloaded', `${own.length} connections are open; close one`);
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
        next(Object.assign(new Error(data.code), { data }));
      },
    );
  };
}
