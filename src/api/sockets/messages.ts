import type { z } from 'zod';
import type { OrderCommandInput } from '../../protocol/commands.ts';
import type { Answers, Requests } from '../../protocol/messages.ts';
import type { UserRole } from '../auth/users.ts';
import type { ApiContext } from '../context.ts';
import type { LimitName } from '../limits.ts';
import { parseOrderCommand } from '../schemas/order-schemas.ts';
import type { SOCKET_SCHEMAS } from '../schemas/socket-schemas.ts';
import type { Services } from '../services/services.ts';
import type { OpsAlarms } from './ops-alarms.ts';
import type { OpsBoard } from './ops-board.ts';
import type { Session } from './session.ts';
import type { TokenTimer } from './token-timer.ts';
import type { Watches } from './watches.ts';

/** One connection and what belongs to it. */
export interface Connection {
  session: Session;
  timer: TokenTimer;
}

type Payload<N extends keyof Requests> = z.output<(typeof SOCKET_SCHEMAS)[N]>;

export interface Message<N extends keyof Requests> {
  /** Who may send it; absent: anyone who is signed in. */
  roles?: readonly UserRole[];
  limit: LimitName;
  run(connection: Connection, payload: Payload<N>): Promise<Answers[N]>;
  /** Once the answer is on its way. */
  after?(connection: Connection, payload: Payload<N>, answer: Answers[N]): void;
}

const DRIVERS = ['driver'] as const;
const OPERATORS = ['operator'] as const;

/** What each message of a client does. */
export function createMessages(
  { dispatch }: ApiContext,
  { orders, shifts, limits }: Services,
  { watches, board, alarms }: { watches: Watches; board: OpsBoard; alarms: OpsAlarms },
): { [N in keyof Requests]: Message<N> } {
  const answerOffer = (type: 'offer:seen' | 'offer:accept' | 'offer:reject') => ({
    roles: DRIVERS,
    limit: 'command' as const,
    run(
      { session }: Connection,
      { orderId, commandId, ...about }: Payload<'offer:seen' | 'offer:reject'>,
    ) {
      const input = { type: type.replace(':', '.'), ...about } as OrderCommandInput;
      return orders.command(session.claims, orderId, input, commandId);
    },
  });
  const commandShift = (type: 'shift.break' | 'shift.resume' | 'shift.end') => ({
    roles: DRIVERS,
    limit: 'command' as const,
    run({ session }: Connection, { commandId, ...about }: Payload<'shift:end'>) {
      return shifts.commandOwn(session.claims, { type, ...about }, commandId);
    },
  });

  return {
    'order:place': {
      roles: ['customer'],
      limit: 'command',
      async run({ session }, { idempotencyKey, ...body }) {
        await limits.consume('place', session.claims.userId);
        return orders.place(session.claims, body, idempotencyKey);
      },
    },
    'order:watch': {
      limit: 'read',
      run: ({ session }, { orderId, sinceSeq }) => watches.watch(session, orderId, sinceSeq),
      after: (_connection, _payload, answer) => watches.begin(answer),
    },
    'order:unwatch': {
      limit: 'read',
      async run({ session }, { orderId }) {
        watches.unwatch(session, orderId);
        return {};
      },
    },
    'order:command': {
      limit: 'command',
      run({ session }, { orderId, commandId, ifSeq, ...input }) {
        return orders.command(session.claims, orderId, parseOrderCommand(input), commandId, ifSeq);
      },
    },
    'offer:seen': answerOffer('offer:seen'),
    'offer:accept': answerOffer('offer:accept'),
    'offer:reject': answerOffer('offer:reject'),
    'shift:start': {
      roles: DRIVERS,
      limit: 'command',
      run: ({ session }, { commandId, ...input }) => shifts.start(session.claims, input, commandId),
    },
    'shift:break': commandShift('shift.break'),
    'shift:resume': commandShift('shift.resume'),
    'shift:end': commandShift('shift.end'),
    'driver:position': {
      roles: DRIVERS,
      limit: 'position',
      async run({ session }, point) {
        dispatch.fleet.report(session.claims.userId, { point });
        return {};
      },
    },
    'ops:watch': {
      roles: OPERATORS,
      limit: 'read',
      run: ({ session }, { zone }) => board.watch(session, zone),
      after({ session }, _payload, picture) {
        if (board.begin(session, picture)) alarms.join(session);
      },
    },
    'ops:unwatch': {
      roles: OPERATORS,
      limit: 'read',
      async run({ session }) {
        board.unwatch(session);
        alarms.leave(session);
        return {};
      },
    },
    'session:refresh': {
      limit: 'command',
      run: async ({ timer }, { token }) => timer.refresh(token),
    },
  };
}
