import { isIn, type JsonObject, type State, statePath } from './common.ts';
import { closingsOf, LATE_MS } from './order-offers.ts';
import type { OrderContext, OrderEvent, Search } from './order-types.ts';

/** Something the passing of time means now. */
export interface Due {
  event: { type: OrderEvent['type'] } & JsonObject;
  /** Epoch ms at which it became due. */
  dueAt: number;
}

interface Deadline {
  at: number;
  /** @param now at or after the deadline */
  due(now: number): Due;
}

const WORKING = ['preparing', 'outForDelivery', 'failed', 'returning'];

/**
 * When a search ends in the rescue lane: at its give-up, but not before the last offer was answered
 * or ran out (`readyAt` is when that was).
 */
export const failAtOf = (search: Search): number => Math.max(search.giveUpAt, search.readyAt);

/** When the promise is in danger. */
export const atRiskAtOf = ({ promisedAt, policy }: OrderContext): number =>
  promisedAt - policy.atRiskMs;

/** True when the search would end so late that its time was lost to our own outage. */
export const isOverslept = (search: Search, now: number): boolean =>
  search.extendedAt === undefined && now - failAtOf(search) > LATE_MS;

/** The earliest instant at which this order needs attention: a deadline, or work to do. */
export function nextWakeAt(snapshot: State): number | undefined {
  const instants = deadlinesOf(snapshot).map((deadline) => deadline.at);
  const workAt = workAtOf(snapshot);
  if (workAt !== undefined) instants.push(workAt);
  return instants.length > 0 ? Math.min(...instants) : undefined;
}

/**
 * What the passing of time means at `now`: the earliest deadline that has passed, so that taking one
 * after the other always moves `nextWakeAt` on.
 */
export function dueEvent(snapshot: State, now: number): Due | undefined {
  let first: Deadline | undefined;
  for (const deadline of deadlinesOf(snapshot)) {
    if (deadline.at <= now && (!first || deadline.at < first.at)) first = deadline;
  }
  return first?.due(now);
}

/** `dispatch` while a driver is to be picked automatically. */
export function workFor(snapshot: State, now: number): 'dispatch' | undefined {
  const workAt = workAtOf(snapshot);
  return workAt !== undefined && workAt <= now && !dueEvent(snapshot, now) ? 'dispatch' : undefined;
}

/**
 * When dispatch should look again if it finds nobody now: after the policy's pause, but never later
 * than the next deadline, or giving up would be late and be taken for an outage.
 */
export function lookAgainAt(snapshot: State, now: number): number {
  const { policy } = snapshot.context as OrderContext;
  const deadlines = deadlinesOf(snapshot).map((deadline) => deadline.at);
  return Math.min(now + policy.retryMs, ...deadlines);
}

function workAtOf(snapshot: State): number | undefined {
  const { search, policy } = snapshot.context as OrderContext;
  return statePath(snapshot.value) === 'pending.searching' && policy.mode !== 'manual'
    ? search?.readyAt
    : undefined;
}

function deadlinesOf(snapshot: State): Deadline[] {
  const state = statePath(snapshot.value);
  const context = snapshot.context as OrderContext;
  if (snapshot.status === 'done' || state === 'new') return [];
  return [
    ...(state === 'scheduled' ? [simple(context.searchAt, 'search.start')] : []),
    ...(state === 'pending.searching' ? searchDeadlines(context) : []),
    ...(state === 'pending.offered' ? offerDeadlines(context) : []),
    ...(isIn(state, 'preparing') && context.assignment?.releaseAt !== undefined
      ? [simple(context.assignment.releaseAt, 'order.release', { reason: 'driver_lost' })]
      : []),
    ...healthDeadlines(context),
    ...(isIn(state, ...WORKING) && context.stallAt !== null
      ? [simple(context.stallAt, 'order.stall')]
      : []),
  ];
}

const simple = (at: number, type: OrderEvent['type'], payload: JsonObject = {}): Deadline => ({
  at,
  due: () => ({ event: { ...payload, type }, dueAt: at }),
});

function searchDeadlines({ search, policy }: OrderContext): Deadline[] {
  if (!search) return [];
  const failAt = failAtOf(search);
  return [
    {
      at: failAt,
      due(now) {
        if (!isOverslept(search, now)) return { event: { type: 'search.fail' }, dueAt: failAt };
        const byMs = Math.min(now - failAt, policy.searchMs);
        return { event: { type: 'search.extend', byMs }, dueAt: failAt + LATE_MS };
      },
    },
  ];
}

/** One event ends all the offers whose time has come; the latest of them says when it may be taken. */
function offerDeadlines(context: OrderContext): Deadline[] {
  const by = { role: 'system', id: 'clock' } as const;
  const unseen = context.offers.filter((offer) => offer.seenAt === undefined);
  const latest = (now: number, type: 'offer.expire' | 'offer.undeliver') =>
    closingsOf(context, { type, at: now, by }).map(({ offer }) => offer);
  const deadlines: Deadline[] = [
    {
      at: Math.min(...context.offers.map((offer) => offer.closesAt)),
      due: (now) => ({
        event: { type: 'offer.expire' },
        dueAt: Math.max(...latest(now, 'offer.expire').map((offer) => offer.closesAt)),
      }),
    },
    {
      at: Math.min(...unseen.map((offer) => offer.seenBy)),
      due: (now) => ({
        event: { type: 'offer.undeliver' },
        dueAt: Math.max(...latest(now, 'offer.undeliver').map((offer) => offer.seenBy)),
      }),
    },
  ];
  return deadlines.filter((deadline) => Number.isFinite(deadline.at));
}

function healthDeadlines(context: OrderContext): Deadline[] {
  const { health, promisedAt } = context;
  if (health === 'late') return [];
  const late = simple(promisedAt, 'order.late');
  if (health === 'atRisk') return [late];
  const atRisk = simple(atRiskAtOf(context), 'order.atRisk');
  return [{ at: atRisk.at, due: (now) => (now >= promisedAt ? late : atRisk).due(now) }];
}
