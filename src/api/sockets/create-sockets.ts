import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import type { ApiContext } from '../context.ts';
import { addressOf, hostOf, isAllowedOrigin } from '../http/origin.ts';
import type { Services } from '../services/services.ts';
import { toWireError } from '../wire-error.ts';
import { startBanWatch } from './ban-watch.ts';
import { createCrowd } from './crowd.ts';
import { createDriverDesk } from './driver-desk.ts';
import { createFanOut } from './fan-out.ts';
import { createHandshake, type Handshake } from './handshake.ts';
import { createMessages } from './messages.ts';
import { createOpsAlarms } from './ops-alarms.ts';
import { createOpsBoard } from './ops-board.ts';
import { startPositions } from './positions.ts';
import { createReceiver } from './receive.ts';
import { createSession, type Session } from './session.ts';
import { createTokenTimer } from './token-timer.ts';
import { createWatches } from './watches.ts';

/** Enough for the longest order, far from what would hurt. */
const MAX_MESSAGE_BYTES = 65_536;
/** A dead phone is noticed within their sum. */
const PING_EVERY_MS = 10_000;
const PONG_WITHIN_MS = 10_000;
/** To show a token after the connection is open. */
const HANDSHAKE_WITHIN_MS = 10_000;
/** What is not answered by then has an outcome that its sender will ask for again. */
const DRAIN_MS = 2_000;

export interface Sockets {
  /** Tells everyone, answers what is under way, and closes all connections, within 2 s. */
  close(): Promise<void>;
}

/** The live side of the api: Socket.IO over websockets only, one namespace. */
export function createSockets(
  ctx: ApiContext,
  httpServer: HttpServer,
  services: Services,
): Sockets {
  const { config, log, engine, dispatch, tokens } = ctx;
  const io = new Server(httpServer, {
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    pingInterval: PING_EVERY_MS,
    pingTimeout: PONG_WITHIN_MS,
    connectTimeout: HANDSHAKE_WITHIN_MS,
    allowRequest(request, decide) {
      const { origin } = request.headers;
      const host = hostOf(request, config.trustedProxies);
      const refuse = (code: string) => {
        services.metrics.onRefusal(code);
        decide(code, false);
      };
      // A browser sends cookies and Origin with any websocket: pages of strangers stay out.
      if (origin !== undefined && !isAllowedOrigin(origin, host, config.corsOrigins)) {
        return refuse('origin_not_allowed');
      }
      // Here, and not when a token is shown: whoever never shows one costs as much.
      services.limits.consume('handshake', addressOf(request, config.trustedProxies)).then(
        () => decide(null, true),
        (refusal: unknown) => refuse(toWireError(refusal).code),
      );
    },
  });
  const crowd = createCrowd();
  const watches = createWatches(services.orders);
  const board = createOpsBoard(ctx, services.orders);
  const alarms = createOpsAlarms(ctx);
  const desk = createDriverDesk(ctx, services);
  const receiver = createReceiver(
    ctx,
    services,
    createMessages(ctx, services, { watches, board, alarms }),
  );
  const stopPositions = startPositions(ctx, watches);
  const stopBanWatch = startBanWatch(ctx, services);
  let staleSince: number | undefined;

  function briefDriver(session: Session): void {
    if (session.viewer.role !== 'driver') return;
    desk.brief(session).catch((error: unknown) => {
      // The driver would wait for offers he cannot see; a new connection tries again.
      log.warn({ err: error, userId: session.viewer.id }, 'driver not briefed');
      session.cut();
    });
  }

  const unsubscribe = engine.feed.subscribe({
    onCommit: createFanOut(ctx, services, { crowd, watches, board, desk }),
    onStale(stale) {
      staleSince = stale ? engine.clock.now() : undefined;
      if (staleSince === undefined) return;
      for (const session of crowd.all()) session.push('stale', { since: staleSince });
    },
    onResync() {
      for (const session of crowd.all()) {
        session.push('resync', {});
        briefDriver(session);
      }
    },
  });

  services.people.onChanged((userId) => {
    for (const session of crowd.all()) {
      if (session.claims.userId !== userId) continue;
      services.people.assertWelcome(session.claims).catch(session.cut);
    }
  });

  function onConnection(socket: Socket): void {
    const { claims, address } = socket.data.handshake as Handshake;
    const session = createSession(socket, claims, address, services.metrics);
    const timer = createTokenTimer(session, tokens, engine.clock);
    const connection = { session, timer };
    const isDriver = claims.role === 'driver';
    const onAlive = () => dispatch.fleet.report(claims.userId, {});

    crowd.join(session);
    services.metrics.onSockets(crowd.size);
    socket.onAny((name: string, ...args: unknown[]) => {
      void receiver.receive(connection, name, args);
    });
    if (isDriver) {
      onAlive();
      socket.conn.on('heartbeat', onAlive);
    }
    socket.on('disconnect', () => {
      timer.stop();
      watches.leave(session);
      board.unwatch(session);
      alarms.leave(session);
      crowd.leave(session);
      services.metrics.onSockets(crowd.size);
      // Who left the namespace would keep a connection that belongs to nobody.
      socket.conn.close();
    });

    session.push('session:open', {
      serverNow: engine.clock.now(),
      timeScale: config.timeScale,
    });
    if (staleSince !== undefined) session.push('stale', { since: staleSince });
    briefDriver(session);
  }

  /** Resolves when `work` does, or its time is over. */
  async function withinDrain(work: Promise<void>): Promise<void> {
    let cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = engine.clock.after(DRAIN_MS, resolve);
    });
    await Promise.race([work, late]);
    cancel();
  }

  io.use(createHandshake(ctx, services));
  io.on('connection', onConnection);

  return {
    async close() {
      for (const session of crowd.all()) session.push('server:closing', {});
      await withinDrain(receiver.close());
      unsubscribe();
      stopPositions();
      stopBanWatch();
      board.stop();
      alarms.stop();
      io.disconnectSockets(true);
      io.engine.close();
    },
  };
}
