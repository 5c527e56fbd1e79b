import { assign, setup } from 'xstate';
import type { ActorKind } from '../../src/engine/actor-kind.ts';
import type { ActorEvent, JsonObject, PersistedSnapshot } from '../../src/engine/types.ts';

/**
 * The smallest actor that has everything the engine serves: a deadline, a hold, work, an effect, a
 * late limit, an owner. A lamp someone switches on for a while.
 */
interface LampContext {
  ownerId: string;
  offAt: number | null;
  socket: string | null;
  wantsWork: boolean;
  switches: number;
}
type LampEvent = ActorEvent & { forMs?: number; socket?: string; to?: string };

const lampMachine = setup({
  types: { context: {} as LampContext, events: {} as LampEvent },
  guards: {
    isOver: ({ context, event }) => event.at >= (context.offAt ?? 0),
    inTime: ({ context, event }) => event.at < (context.offAt ?? 0),
  },
  actions: {
    own: assign(({ event }) => ({ ownerId: event.by.id })),
    give: assign(({ event }) => ({ ownerId: event.to ?? '' })),
    light: assign(({ context, event }) => ({
      offAt: event.at + (event.forMs ?? 1_000),
      socket: event.socket ?? null,
      switches: context.switches + 1,
      wantsWork: false,
    })),
    dim: assign({ offAt: null, socket: null }),
    ask: assign(({ event }) => ({ wantsWork: true, offAt: event.at })),
  },
}).createMachine({
  id: 'lamp',
  initial: 'new',
  context: { ownerId: '', offAt: null, socket: null, wantsWork: false, switches: 0 },
  states: {
    new: { on: { 'lamp.make': { target: 'off', actions: 'own' } } },
    off: {
      on: {
        'lamp.light': { target: 'on', actions: 'light' },
        'lamp.ask': { target: 'asking', actions: 'ask' },
        'lamp.give': { actions: 'give' },
        'lamp.break': 'broken',
        'lamp.explode': {
          target: 'broken',
          actions: () => {},
          guard: () => {
            throw new Error('a guard that throws');
          },
        },
      },
    },
    asking: { on: { 'lamp.light': { target: 'on', actions: 'light' } } },
    on: {
      on: {
        'lamp.extend': { guard: 'inTime', actions: 'light' },
        'lamp.timeout': { guard: 'isOver', target: 'off', actions: 'dim' },
        'lamp.break': 'broken',
      },
    },
    broken: { type: 'final' },
  },
});

const contextOf = (snapshot: PersistedSnapshot) => snapshot.context as unknown as LampContext;
const isOn = (snapshot: PersistedSnapshot) => snapshot.value === 'on';

export const lampKind: ActorKind = {
  name: 'lamp',
  birth: 'lamp.make',
  currentVersion: 1,
  machines: new Map([[1, lampMachine]]),
  isEntitled: (snapshot, { type, by }) =>
    type === 'lamp.make' || by.role !== 'customer' || contextOf(snapshot).ownerId === by.id,
  legalEvents: (snapshot) =>
    snapshot.value === 'off'
      ? ['lamp.light', 'lamp.break']
      : isOn(snapshot)
        ? ['lamp.extend', 'lamp.break']
        : [],
  stateOf: (snapshot) => String(snapshot.value),
  columnsOf: (snapshot): JsonObject => ({
    ownerId: contextOf(snapshot).ownerId,
    live: snapshot.status === 'done' ? undefined : true,
  }),
  holdsOf: (snapshot) => {
    const { socket } = contextOf(snapshot);
    return isOn(snapshot) && socket !== null ? [socket] : [];
  },
  nextWakeAt: (snapshot) =>
    snapshot.status === 'done' ? undefined : (contextOf(snapshot).offAt ?? undefined),
  dueEvent: (snapshot, at) => {
    const { offAt } = contextOf(snapshot);
    return isOn(snapshot) && offAt !== null && at >= offAt
      ? { event: { type: 'lamp.timeout' }, dueAt: offAt }
      : undefined;
  },
  workFor: (snapshot) => (snapshot.value === 'asking' ? 'electrician' : undefined),
  effectsOf: (_before, event) =>
    event.type === 'lamp.break' ? [{ type: 'sweep.up', payload: { at: event.at } }] : [],
  resultOf: (_before, _event, after) => ({
    state: String(after.value),
    switches: contextOf(after).switches,
  }),
  notAfter: (snapshot, event) =>
    event.type === 'lamp.extend' ? (contextOf(snapshot).offAt ?? undefined) : undefined,
  audienceOf: (_before, _event, after) => [`customer:${contextOf(after).ownerId}`],
  isClosing: (type) => type === 'lamp.break' || type === 'lamp.timeout',
  refusalOf: (snapshot, event) =>
    event.type === 'lamp.extend' && event.at >= (contextOf(snapshot).offAt ?? 0)
      ? { code: 'offer_closed', message: 'the lamp is off' }
      : undefined,
  holdCandidates: () => ['s1', 's2'],
  rebook: (event, taken) => {
    const free = ['s1', 's2'].find((socket) => !taken.has(socket));
    return free ? { event: { ...event, socket: free } } : { busy: ['s1', 's2'] };
  },
};
