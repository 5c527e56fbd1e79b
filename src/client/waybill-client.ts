import { v7 as newId } from 'uuid';
import type { AuthAnswer, UserView } from '../protocol/accounts.ts';
import type { CommandAnswer, IfSeq, OrderCommandInput } from '../protocol/commands.ts';
import type { Answers, Pushes, Requests } from '../protocol/messages.ts';
import type { PlaceOrder } from '../protocol/orders.ts';
import type { CallError } from './call-error.ts';
import { type Call, createCaller } from './caller.ts';
import { createClockSync } from './clock-sync.ts';
import { createHttp, idempotent } from './http.ts';
import { createOffers, listening, type Offers } from './offers.ts';
import { persist } from './persist.ts';
import { aboutRequest, createRecording, type Recorder } from './record.ts';
import { createReporter } from './reporter.ts';
import { DEFAULT_RETRY, type RetryPolicy } from './retry.ts';
import { type Credentials, openSession, type Registration } from './session.ts';
import { systemTimers, type Timers } from './timers.ts';
import { createSocketTransport, type SocketDeps, type Transport } from './transport.ts';
import { createWatches, type OrderHandlers } from './watches.ts';

export interface CallOptions {
  /** Departs from the client's policy. */
  retry?: Partial<RetryPolicy>;
  /** Of an earlier attempt whose outcome is not known; absent: a new one. */
  commandId?: string;
}

type ShiftMessage = 'shift:start' | 'shift:break' | 'shift:resume' | 'shift:end';

/** One person's connection to Waybill: what is sent arrives once, what happens is missed by nobody. */
export interface WaybillClient {
  user(): UserView;
  connected(): boolean;
  /** The server's clock as this device knows it, epoch ms. */
  serverNow(): number;
  /** Places an order once, however often it has to be sent. @throws {CallError} */
  place(order: PlaceOrder, options?: CallOptions): Promise<Answers['order:place']>;
  /**
   * Sends a command under one commandId until it is answered; with `ifSeq` it is taken at that step
   * of the order or refused as `moved_on`. @throws {CallError}
   */
  command(
    orderId: string,
    command: OrderCommandInput,
    options?: CallOptions & IfSeq,
  ): Promise<CommandAnswer>;
  /** Tells every step of the order once and in order until the returned stop is called. */
  watchOrder(orderId: string, handlers: OrderHandlers, sinceSeq?: number): () => void;
  readonly offers: Pick<Offers, 'onOpened' | 'onClosed' | 'open'>;
  /** A driver's shift. @throws {CallError} */
  shift<N extends ShiftMessage>(
    name: N,
    payload: Omit<Requests[N], 'commandId'>,
    options?: CallOptions,
  ): Promise<Answers[N]>;
  /** Says where the driver is; while one is under way only the latest waits, and none is kept offline. */
  report(position: { lat: number; lng: number }): void;
  /** Any message, sent until it is answered. @throws {CallError} */
  call: Call;
  /** A request, made until it is answered; all attempts carry one Idempotency-Key. @throws {CallError} */
  http<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Whatever the server pushes. Returns a stop. */
  on<N extends keyof Pushes>(name: N, listener: (payload: Pushes[N]) => void): () => void;
  /** How fresh what was told is. */
  link(): Link;
  /** Called at each change of it. Returns a stop. */
  onLink(listener: (link: Link) => void): () => void;
  /** True: offline, or the server is behind, or a watch is being repaired. */
  behind(): boolean;
  /** Watches being repaired now, and repairs so far. */
  watching(): { stale: number; repairs: number };
  /** Goes off the air, as a phone without signal, until `reconnect`. */
  disconnect(): void;
  reconnect(): void;
  /** Ends everything; what is under way is answered `closed`. Idempotent. */
  close(): void;
  /** Ends the session on the server too, as far as it can be reached, then closes. */
  logout(): Promise<void>;
}

/** `live`: nothing is missing. `stale`: the server does not hear of its database. Since when, by this device. */
export interface Link {
  state: 'live' | 'offline' | 'stale';
  since: number;
}

export interface ConnectOptions {
  url: string;
  /** Sign in, register as a customer, or go on with an earlier answer. */
  start: Credentials | Registration | AuthAnswer;
  retry?: Partial<RetryPolicy>;
  timers?: Timers;
  /** Told of each attempt of a call about an order or a shift. */
  record?: Recorder;
  /** The server will not have this client for good. */
  onRefused?(error: CallError): void;
  fetch?: typeof fetch;
  /** @default Socket.IO over a websocket */
  transport?(deps: SocketDeps): Transport;
}

/**
 * Signs in and connects; resolves once signed in, the connection follows.
 * @throws {CallError} bad_credentials, email_taken; rate_limited, offline, no_answer after the policy's deadline
 */
export async function connect(options: ConnectOptions): Promise<WaybillClient> {
  const { url, timers = systemTimers } = options;
  const policy = { ...DEFAULT_RETRY, ...options.retry };
  const closing = new AbortController();
  const clock = createClockSync();
  const http = createHttp({
    url,
    timers,
    timeoutMs: policy.ackTimeoutMs,
    ...(options.fetch && { fetch: options.fetch }),
  });
  const persistence = { timers, policy, signal: closing.signal };
  const session = await openSession({
    ...{ http, persistence, start: options.start },
    onEnded: (error) => options.onRefused?.(error),
  });
  const transport = (options.transport ?? createSocketTransport)({
    url,
    timers,
    token: session.token,
    onRefusedToken: session.renew,
    onRefused: (error) => options.onRefused?.(error),
  });
  const recording = createRecording(options.record, timers, () => {
    const { role, userId } = session.user();
    return `${role} ${userId}`;
  });
  const call = createCaller({ ...persistence, transport, clock, recording, renew: session.renew });
  const offers = createOffers({ call, clock, timers, newId });
  const watches = createWatches(call, timers);
  const report = createReporter(call);
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const linkListeners = new Set<(link: Link) => void>();
  let link: Link = { state: 'offline', since: timers.now() };
  let serverStale = false;

  function judgeLink(connected: boolean): void {
    const state = !connected ? 'offline' : serverStale ? 'stale' : 'live';
    if (state === link.state) return;
    link = { state, since: timers.now() };
    for (const tell of linkListeners) tell(link);
  }

  function catchUp(): void {
    watches.resync();
    offers.confirm();
  }

  const reactions: { [N in keyof Pushes]?: (payload: Pushes[N]) => void } = {
    'order:event': watches.receive,
    'offer:opened': offers.takeOpened,
    'offer:closed': offers.takeClosed,
    'session:expiring': () => quietly(session.renew()),
    stale() {
      serverStale = true;
      judgeLink(true);
      watches.suspend();
    },
    resync() {
      serverStale = false;
      judgeLink(true);
      catchUp();
    },
  };
  transport.onMessage((name, payload) => {
    (reactions[name as keyof Pushes] as ((payload: unknown) => void) | undefined)?.(payload);
    for (const tell of listeners.get(name) ?? []) tell(payload as never);
  });
  transport.onConnection((connected) => {
    serverStale = false;
    judgeLink(connected);
    if (connected) catchUp();
    else watches.suspend();
  });
  session.onToken((token) => {
    if (transport.connected()) quietly(call('session:refresh', { token }));
  });
  transport.connect();

  return {
    user: session.user,
    connected: transport.connected,
    serverNow: () => timers.now() + clock.offsetMs(),
    place: (order, { retry, commandId = newId() } = {}) =>
      call('order:place', { ...order, idempotencyKey: commandId }, retry),
    async command(orderId, command, { retry, ifSeq, commandId = newId() } = {}) {
      const at = ifSeq === undefined ? {} : { ifSeq };
      const answer = await call('order:command', { ...command, orderId, commandId, ...at }, retry);
      watches.expect(orderId, answer.seq);
      return answer;
    },
    watchOrder: watches.watch,
    offers,
    shift: (name, payload, { retry, commandId = newId() } = {}) =>
      call(name, { ...payload, commandId } as Requests[typeof name], retry),
    report,
    call,
    http(method, path, body) {
      const headers = method === 'GET' ? {} : idempotent();
      return persist({ ...persistence, renew: session.renew }, `${method} ${path}`, async () => {
        const token = await session.token();
        return recording(aboutRequest(method, path, body), () =>
          http(method, path, { token, headers, ...(body !== undefined && { body }) }),
        );
      });
    },
    on(name, listener) {
      const known = listeners.get(name) ?? new Set();
      listeners.set(name, known);
      return listening(known, listener as (payload: never) => void);
    },
    link: () => link,
    onLink: (listener) => listening(linkListeners, listener),
    behind: () => !transport.connected() || serverStale || watches.stale() > 0,
    watching: () => ({ stale: watches.stale(), repairs: watches.repairs() }),
    disconnect: transport.disconnect,
    reconnect: transport.connect,
    close,
    async logout() {
      const ending = session.logout();
      close();
      await ending;
    },
  };

  function close() {
    closing.abort();
    watches.close();
    session.stop();
    transport.disconnect();
  }
}

/** For what the next call would find out anyway. */
function quietly(attempt: Promise<unknown>): void {
  attempt.catch(() => {});
}
