import { AppError } from '../../errors.ts';
import type { Answers, Requests } from '../../protocol/messages.ts';
import type { ApiContext } from '../context.ts';
import { parse } from '../schemas/parse.ts';
import { SOCKET_SCHEMAS } from '../schemas/socket-schemas.ts';
import type { Services } from '../services/services.ts';
import { toWireError } from '../wire-error.ts';
import type { Connection, Message } from './messages.ts';

type Name = keyof Requests;

export interface Receiver {
  /**
   * Takes whatever a client sent under a name: never throws, and answers if there is any way to.
   * @param args as they came: a payload and an acknowledgement, either of which may be missing
   */
  receive(connection: Connection, name: string, args: unknown[]): Promise<void>;
  /** Refuses what comes from now on; resolves when what came before is answered. */
  close(): Promise<void>;
}

/** The one door for messages: how often, who, what, in this order; then it is done and answered. */
export function createReceiver(
  { engine, dispatch, log }: ApiContext,
  { limits, people, metrics }: Services,
  messages: { [N in Name]: Message<N> },
): Receiver {
  const running = new Set<Promise<void>>();
  let isClosing = false;

  async function take(connection: Connection, name: string, payload: unknown, reply: Reply) {
    if (isClosing) throw new AppError('not_ready', 'this node stops; connect again');
    const { claims } = connection.session;
    const known = Object.hasOwn(messages, name) ? (name as Name) : undefined;
    const message = known && (messages[known] as unknown as Message<Name>);
    await limits.consume(message?.limit ?? 'command', claims.userId);
    if (!known || !message) {
      throw new AppError('unknown_event', 'there is no message of this name', {
        details: { accepted: Object.keys(messages) },
      });
    }
    if (claims.expiresAt <= engine.clock.now() && known !== 'session:refresh') {
      throw new AppError('token_expired', 'send session:refresh with a new token');
    }
    await people.assertWelcome(claims);
    if (message.roles && !message.roles.includes(claims.role)) {
      throw new AppError('forbidden', `this is for: ${message.roles.join(', ')}`);
    }
    const checked = parse(SOCKET_SCHEMAS[known], payload ?? {}) as never;
    const answer = await message.run(connection, checked);
    reply({ ok: true, ...(answer as Answers[Name]) });
    message.after?.(connection, checked, answer as never);
  }

  async function receive(connection: Connection, name: string, args: unknown[]): Promise<void> {
    const ack = args.find((arg) => typeof arg === 'function') as Reply | undefined;
    const payload = typeof args[0] === 'function' ? undefined : args[0];
    const reply: Reply = (answer) => ack?.({ ...answer, serverNow: engine.clock.now() });
    const label = Object.hasOwn(messages, name) ? name : 'unknown';
    const { claims } = connection.session;
    // Answers wait for a slow reader just as pushes do.
    if (!connection.session.keepsUp()) return;
    if (claims.role === 'driver') dispatch.fleet.report(claims.userId, {});
    try {
      await take(connection, name, payload, reply);
      metrics.onMessage(label, 'ok');
    } catch (thrown) {
      const error = toWireError(thrown);
      if (error.code === 'internal_error') {
        log.error({ err: thrown, name: label, userId: claims.userId }, 'message failed');
      }
      metrics.onMessage(label, error.code);
      reply({ ok: false, error });
    }
  }

  return {
    receive(connection, name, args) {
      const done = receive(connection, name, args);
      running.add(done);
      return done.finally(() => running.delete(done));
    },
    async close() {
      isClosing = true;
      await Promise.all(running);
    },
  };
}

type Reply = (answer: Record<string, unknown>) => void;
