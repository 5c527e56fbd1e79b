import type { Role } from './common.ts';
import type { OrderContext, OrderEventType } from './order-types.ts';

/**
 * What someone must be to the order to send the event.
 * - `owner`: the customer who placed it, or the store it is from
 * - `assigned`: the driver who carries it
 * - `offered`: a driver with an open offer of it
 * - `any`: the role is enough
 */
export type Relation = 'owner' | 'assigned' | 'offered' | 'any';

export interface EventRule {
  /** Who may send it, and as what. */
  grants: Partial<Record<Role, Relation>>;
  /** Must say why: the payload's `reason`. */
  reason: 'required' | 'optional' | 'none';
  /** Ends the order or frees its driver: taken even when the history is full. */
  closing?: true;
  /** One sentence for documents and buttons. */
  says: string;
}

/**
 * Who may send what. HTTP, sockets, documents and the console's buttons are made from this table;
 * tests/golden/permissions.txt, written by hand, is what it is tested against.
 * In which states an event is legal is the machine's to say.
 */
export const ORDER_EVENTS: Record<OrderEventType, EventRule> = {
  'order.place': {
    grants: { customer: 'owner' },
    reason: 'none',
    says: 'Place the order.',
  },
  'search.start': {
    grants: { system: 'any', operator: 'any' },
    reason: 'optional',
    says: 'Start looking for a driver, now or again.',
  },
  'search.extend': {
    grants: { system: 'any' },
    reason: 'none',
    says: 'Give back search time that was lost while no server ran.',
  },
  'search.fail': {
    grants: { system: 'any' },
    reason: 'none',
    closing: true,
    says: 'No driver in time: into the rescue lane.',
  },
  'offer.open': {
    grants: { system: 'any', operator: 'any' },
    reason: 'optional',
    says: 'Offer the order to one driver or several.',
  },
  'offer.seen': {
    grants: { driver: 'offered' },
    reason: 'none',
    says: 'The phone shows the offer.',
  },
  'offer.accept': {
    grants: { driver: 'offered' },
    reason: 'none',
    says: 'Take the order.',
  },
  'offer.reject': {
    grants: { driver: 'offered' },
    reason: 'required',
    says: 'Turn the offer down.',
  },
  'offer.expire': {
    grants: { system: 'any' },
    reason: 'none',
    closing: true,
    says: 'The time to answer is over.',
  },
  'offer.undeliver': {
    grants: { system: 'any' },
    reason: 'none',
    closing: true,
    says: 'The phone never acknowledged the offer.',
  },
  'offer.withdraw': {
    grants: { system: 'any', operator: 'any' },
    reason: 'required',
    closing: true,
    says: 'Take the offer back.',
  },
  'order.assign': {
    grants: { operator: 'any' },
    reason: 'required',
    says: 'Give the order to this driver without asking.',
  },
  'order.release': {
    grants: { driver: 'assigned', operator: 'any', system: 'any' },
    reason: 'required',
    closing: true,
    says: 'Give the order back before pick-up; another driver is looked for.',
  },
  'order.arriveStore': {
    grants: { driver: 'assigned', operator: 'any' },
    reason: 'optional',
    says: 'The driver is at the store.',
  },
  'store.ready': {
    grants: { store: 'owner', operator: 'any' },
    reason: 'optional',
    says: 'The bags are packed.',
  },
  'order.pickUp': {
    grants: { driver: 'assigned', operator: 'any' },
    reason: 'optional',
    says: 'The driver has the bags.',
  },
  'order.arriveDoor': {
    grants: { driver: 'assigned', operator: 'any' },
    reason: 'optional',
    says: 'The driver is at the door.',
  },
  'order.deliver': {
    grants: { driver: 'assigned', operator: 'any' },
    reason: 'optional',
    closing: true,
    says: 'Handed over: a driver shows the PIN, an operator says why without it.',
  },
  'order.fail': {
    grants: { driver: 'assigned', operator: 'any' },
    reason: 'required',
    closing: true,
    says: 'It cannot be handed over.',
  },
  'order.startReturn': {
    grants: { driver: 'assigned', operator: 'any' },
    reason: 'optional',
    closing: true,
    says: 'The bags go back to the store.',
  },
  'order.completeReturn': {
    grants: { driver: 'assigned', store: 'owner', operator: 'any' },
    reason: 'optional',
    closing: true,
    says: 'The store has the bags again.',
  },
  'order.cancel': {
    grants: { customer: 'owner', store: 'owner', operator: 'any' },
    reason: 'required',
    closing: true,
    says: 'Call the order off before pick-up.',
  },
  'order.atRisk': {
    grants: { system: 'any' },
    reason: 'none',
    says: 'The promise is in danger.',
  },
  'order.late': {
    grants: { system: 'any' },
    reason: 'none',
    says: 'The promise is broken.',
  },
  'order.stall': {
    grants: { system: 'any' },
    reason: 'none',
    says: 'Nothing has happened for too long.',
  },
  'driver.lose': {
    grants: { system: 'any' },
    reason: 'none',
    closing: true,
    says: 'The driver ended the shift, was banned or vanished.',
  },
  'driver.find': {
    grants: { system: 'any' },
    reason: 'none',
    says: 'The driver is back.',
  },
};

export const ORDER_EVENT_TYPES = Object.keys(ORDER_EVENTS) as OrderEventType[];

/** What `by` is to this order, beside `any`. */
export function relationsTo(context: OrderContext, by: { role: Role; id: string }): Relation[] {
  switch (by.role) {
    case 'customer':
      return by.id === context.customerId ? ['owner', 'any'] : ['any'];
    case 'store':
      return by.id === context.storeId ? ['owner', 'any'] : ['any'];
    case 'driver':
      return [
        ...(by.id === context.assignment?.driverId ? (['assigned'] as const) : []),
        ...(context.offers.some((offer) => offer.driverId === by.id) ? (['offered'] as const) : []),
        'any',
      ];
    default:
      return ['any'];
  }
}
