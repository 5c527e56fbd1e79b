import type { Socket } from 'socket.io';
import type { Pushes } from '../../protocol/messages.ts';
import type { Claims } from '../auth/tokens.ts';
import type { Metrics } from '../metrics.ts';
import type { Viewer } from '../presenters/viewer.ts';
import { principalOf } from '../services/people.ts';

/** One connection of one person. */
export interface Session {
  claims: Claims;
  readonly viewer: Viewer;
  readonly address: string;
  /** Sends a message, if the other end keeps up with what was sent before; cuts it off if it does not. */
  push<N extends keyof Pushes>(name: N, payload: Pushes[N]): void;
  /** Sends what only counts now: left out while earlier messages still wait. */
  pushIfIdle<N extends keyof Pushes>(name: N, payload: Pushes[N]): void;
  /** False once the other end reads slower than it is told, and is cut off for it. */
  keepsUp(): boolean;
  /** Nothing to speak of waits to be sent. */
  isIdle(): boolean;
  isOpen(): boolean;
  cut(): void;
}

/** Packets that may wait for a slow reader: Socket.IO itself has no bound. */
const MOST_WAITING = 512;
const IDLE_WAITING = 8;

export function createSession(
  socket: Socket,
  claims: Claims,
  address: string,
  metrics: Metrics,
): Session {
  // Of engine.io: typed private, stable since its first version, and the only place where it shows.
  const waiting = () => (socket.conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length;
  const cut = () => void socket.disconnect(true);
  const isIdle = () => waiting() <= IDLE_WAITING;
  function keepsUp(): boolean {
    if (waiting() <= MOST_WAITING) return true;
    metrics.onSlowConsumer();
    cut();
    return false;
  }
  return {
    claims,
    viewer: principalOf(claims),
    address,
    push(name, payload) {
      if (keepsUp()) socket.emit(name, payload);
    },
    pushIfIdle(name, payload) {
      if (isIdle()) socket.emit(name, payload);
    },
    keepsUp,
    isIdle,
    isOpen: () => socket.connected,
    cut,
  };
}
