import { io, type Socket } from 'socket.io-client';
import { type CallError, noAnswer, offline, toCallError } from './call-error.ts';
import { DEFAULT_RETRY, retryDelay } from './retry.ts';
import type { Timers } from './timers.ts';

/** Messages to and from the server, whatever carries them; a test hands in its own. */
export interface Transport {
  /**
   * Sends one message and resolves with the raw acknowledgement; never queues while offline.
   * @throws {CallError} offline, no_answer
   */
  send(name: string, payload: unknown, timeoutMs: number): Promise<unknown>;
  onMessage(listener: (name: string, payload: unknown) => void): void;
  onConnection(listener: (connected: boolean) => void): void;
  connected(): boolean;
  /** Comes up, and comes up again after every loss, until `disconnect` or `close`. */
  connect(): void;
  disconnect(): void;
}

export interface SocketDeps {
  url: string;
  timers: Timers;
  /** A token that the handshake will be let in with; asked for before each one. */
  token(): Promise<string>;
  /** The handshake's token was refused. */
  onRefusedToken(): Promise<void>;
  /** The server will not have this client, and says so for good. */
  onRefused(error: CallError): void;
}

/**
 * Socket.IO, websocket only. Its own reconnection is off: a refused handshake must obey the server's
 * retryAfterMs and fetch a new token first, which it cannot.
 */
export function createSocketTransport(deps: SocketDeps): Transport {
  const { timers } = deps;
  let handshakes = 0;
  const socket: Socket = io(deps.url, {
    transports: ['websocket'],
    reconnection: false,
    autoConnect: false,
    forceNew: true,
    auth: (give) => {
      handshakes += 1;
      const mine = handshakes;
      // A token that comes late belongs to a connection that is gone: two on one would be two watchers.
      const show = (auth: object) => mine === handshakes && give(auth);
      deps.token().then(
        (token) => show({ token }),
        // The server answers an empty token with the refusal that renews it.
        () => show({}),
      );
    },
  });
  let wanted = false;
  let attempts = 0;
  let cancelRetry = () => {};

  function connectLater(retryAfterMs = 0): void {
    if (!wanted) return;
    attempts += 1;
    cancelRetry();
    cancelRetry = timers.after(
      retryDelay(DEFAULT_RETRY, attempts, timers.random(), retryAfterMs),
      () => {
        if (wanted) socket.connect();
      },
    );
  }

  async function onRefusal(error: CallError): Promise<void> {
    if (error.code === 'token_expired' || error.code === 'unauthenticated')
      await deps.onRefusedToken();
    else if (!error.retryable) {
      wanted = false;
      return deps.onRefused(error);
    }
    connectLater(error.retryAfterMs);
  }

  socket.on('connect', () => {
    attempts = 0;
  });
  socket.on('disconnect', () => connectLater());
  socket.on('connect_error', (error: Error & { data?: unknown }) => {
    const refusal = refusalIn(error.data);
    if (!refusal) return connectLater();
    onRefusal(refusal).catch(() => connectLater());
  });

  return {
    send: (name, payload, timeoutMs) =>
      new Promise((resolve, reject) => {
        // Socket.IO would keep it and send it at some later time, behind the caller's retry.
        if (!socket.connected) return reject(offline(name));
        socket.timeout(timeoutMs).emit(name, payload, (lost: Error | null, answer: unknown) => {
          if (lost) reject(noAnswer(name));
          else resolve(answer);
        });
      }),
    onMessage(listener) {
      socket.onAny((name: string, payload: unknown) => listener(name, payload));
    },
    onConnection(listener) {
      socket.on('connect', () => listener(true));
      socket.on('disconnect', () => listener(false));
    },
    connected: () => socket.connected,
    connect() {
      wanted = true;
      socket.connect();
    },
    disconnect() {
      wanted = false;
      cancelRetry();
      socket.disconnect();
    },
  };
}

function refusalIn(data: unknown): CallError | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const body = 'error' in data ? data.error : data;
  if (typeof body !== 'object' || body === null || !('code' in body)) return undefined;
  return toCallError(body as Parameters<typeof toCallError>[0]);
}
