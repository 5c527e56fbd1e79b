import type { Health } from '../../../../machines/order-types.ts';

/** What an order's story is told from; all of it is also in what a tracking link shows. */
export interface Told {
  state: string;
  storeName: string;
  driverName?: string | undefined;
  isPacked: boolean;
  health: Health;
}

/** What happens now, in words. */
export interface Telling {
  headline: string;
  detail: string;
  /** Which of `STEPS` it is at; undefined: none of them any more, or none that this page knows. */
  step: number | undefined;
  tone: 'calm' | 'good' | 'warn' | 'bad';
}

export const STEPS = ['Placed', 'Preparing', 'On its way', 'Delivered'] as const;

const OVER = new Set(['delivered', 'cancelled', 'returned']);

/** True when nothing can happen to the order any more. */
export const isOver = (state: string): boolean => OVER.has(state);

/** True while somebody is under way with it. */
export const isCarried = (state: string): boolean => /^(preparing|outForDelivery)\b/.test(state);

/** ORD15: customers cancel until the driver is at the store. */
export const canCancel = (state: string): boolean =>
  /^(scheduled|pending)\b/.test(state) || state === 'preparing.toStore';

/**
 * The story told to whoever ordered, or to someone who looks on. A state that this page does not
 * know, of a newer server, is told by its first word, or plainly. Pure.
 */
export function tell(order: Told, to: 'owner' | 'onlooker' = 'owner'): Telling {
  return to === 'owner' ? tellOwner(order) : tellOnlooker(order);
}

function tellOnlooker(order: Told): Telling {
  const { storeName, driverName: who = 'The driver' } = order;
  // What is to be done, and what went wrong, is between the others.
  const plain = { ...tellOwner({ ...order, driverName: who }), detail: '' };
  switch (order.state) {
    case 'outForDelivery.enRoute':
      return { ...plain, headline: `${who} is on the way` };
    case 'outForDelivery.atDoor':
      return { ...plain, headline: `${who} is at the door` };
    case 'returning':
      return { ...plain, headline: `The bags are going back to ${storeName}` };
    case 'returned':
      return { ...plain, headline: `The bags are back at ${storeName}` };
    default:
      return plain;
  }
}

function tellOwner(order: Told): Telling {
  const { state, storeName, isPacked } = order;
  const who = order.driverName ?? 'Your driver';
  switch (state) {
    case 'scheduled':
      return calm(0, 'Scheduled', 'We look for a driver when it is time.');
    case 'pending.searching':
    case 'pending.offered':
      return calm(0, 'Looking for a driver', `${storeName} has your order.`);
    case 'pending.unassigned':
      return {
        ...calm(0, 'No driver found yet', 'Someone at Waybill is looking after it in person.'),
        tone: 'warn',
      };
    case 'preparing.toStore':
      return calm(1, `${who} is on the way to ${storeName}`, packing(isPacked));
    case 'preparing.atStore':
      return calm(1, `${who} is at ${storeName}`, packing(isPacked));
    case 'outForDelivery.enRoute':
      return calm(2, `${who} is on the way to you`, 'Your bags are on board.');
    case 'outForDelivery.atDoor':
      return { ...calm(2, `${who} is at your door`, 'Tell your PIN at the door.'), tone: 'good' };
    case 'delivered':
      return { ...calm(3, 'Delivered', 'Enjoy.'), tone: 'good' };
    case 'cancelled':
      return { ...ended('Cancelled', 'This order was called off.'), tone: 'bad' };
    case 'failed':
      return ended('It could not be handed over', `Your bags go back to ${storeName}.`);
    case 'returning':
      return ended(`Your bags are going back to ${storeName}`, 'It could not be handed over.');
    case 'returned':
      return ended(`Your bags are back at ${storeName}`, 'It could not be handed over.');
    default:
      return calm(stepOf(state), 'Under way', 'We keep you posted.');
  }
}

const packing = (isPacked: boolean) =>
  isPacked ? 'Your bags are packed.' : 'Your bags are being packed.';

const calm = (step: number | undefined, headline: string, detail: string): Telling => ({
  ...{ headline, detail, step, tone: 'calm' as const },
});

const ended = (headline: string, detail: string): Telling => ({
  ...{ headline, detail, step: undefined, tone: 'warn' as const },
});

const STEP_OF: Record<string, number> = {
  ...{ scheduled: 0, pending: 0, preparing: 1, outForDelivery: 2, delivered: 3 },
};

const stepOf = (state: string): number | undefined => STEP_OF[state.split('.')[0] ?? ''];

/** What a promise is worth now, in words. @param now epoch ms */
export function tellWhen(order: { state: string; health: Health; etaAt: number }, now: number) {
  if (isOver(order.state) || order.state === 'failed' || order.state === 'returning') return '';
  if (order.health === 'late') return 'It is later than we promised. We are sorry.';
  if (order.health === 'atRisk') return 'It may be a little late.';
  if (order.etaAt < now) return 'It takes longer than we thought.';
  return '';
}
