import { io, type Socket } from 'socket.io-client';
import type { Pushes, WireError } from '../../src/protocol/messages.ts';

type Push = { [N in keyof Pushes]: { name: N; payload: Pushes[N] } }[keyof Pushes];

/** One real connection, with everything it was told, in order. Knows nothing of retries. */
export interface LiveSocket {
  socket: Socket;
  told: Push[];
  /** Sends whatever, well-formed or not, and resolves with the acknowledgement. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it with expect.
  ask(name: string, ...args: unknown[]): Promise<any>;
  /** All payloads told so far under this name. */
  all<N extends keyof Pushes>(name: N): Pushes[N][];
  /** The first payload under this name that fits, told already or yet to come. */
  when<N extends keyof Pushes>(name: N, fits?: (payload: Pushes[N]) => boolean): Promise<Pushes[N]>;
  /** Resolves once the server has ended the connection. */
  ended: Promise<string>;
  close(): void;
}

/** Of no meaning but to name what was not answered before the test is over. */
const ANSWER_WITHIN_MS = 25_000;

/** What a refused handshake is told. */
export class Refused extends Error {
  readonly data: WireError | undefined;
  constructor(message: string, data: WireError | undefined) {
    super(message);
    this.data = data;
  }
}

const raw = (url: string, shown: { auth?: object; query?: Record<string, string> }) =>
  io(url, { transports: ['websocket'], reconnection: false, forceNew: true, ...shown });

/** @throws {Refused} */
export async function connectLive(
  url: string,
  shown: { auth?: object; query?: Record<string, string> },
): Promise<LiveSocket> {
  const socket = raw(url, shown);
  const told: Push[] = [];
  const listeners = new Set<() => void>();
  socket.onAny((name, payload) => {
    told.push({ name, payload } as Push);
    for (const look of listeners) look();
  });
  const ended = new Promise<string>((resolve) => socket.on('disconnect', resolve));
  await new Promise<void>((resolve, reject) => {
    socket.on('connect', resolve);
    socket.on('connect_error', (error: Error & { data?: WireError }) => {
      socket.close();
      reject(new Refused(error.message, error.data));
    });
  });
  const all = <N extends keyof Pushes>(name: N) =>
    told.flatMap((push) => (push.name === name ? [push.payload as Pushes[N]] : []));
  return {
    socket,
    told,
    ended,
    all,
    ask: (name, ...args) => socket.timeout(ANSWER_WITHIN_MS).emitWithAck(name, ...args),
    when: (name, fits = () => true) =>
      new Promise((resolve) => {
        const look = () => {
          const found = all(name).find(fits);
          if (found === undefined) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        look();
      }),
    close: () => void socket.close(),
  };
}
