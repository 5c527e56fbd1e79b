import type { OrderView } from '../../../../src/protocol/orders.ts';
import type { Names } from '../state/names.ts';
import { stateWord } from '../words.ts';

/** What the board is narrowed to; an empty text stands for everything. Kept in the address. */
export interface BoardFilter {
  text: string;
  zone: string;
  /** A state or a family of states: `pending`. */
  state: string;
  health: string;
  driver: string;
  /** Placed at least so many minutes ago. */
  age: string;
}

export const NO_FILTER: BoardFilter = {
  ...{ text: '', zone: '', state: '', health: '', driver: '', age: '' },
};

export const fromQuery = (query: Record<string, string>): BoardFilter => ({
  ...NO_FILTER,
  ...Object.fromEntries(
    Object.keys(NO_FILTER).flatMap((name) => (query[name] ? [[name, query[name]]] : [])),
  ),
});

/** The address of the board with this filter and view. */
export function toAddress(filter: BoardFilter, view: 'table' | 'lanes'): string {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''));
  if (view === 'lanes') query.set('view', view);
  const text = query.toString();
  return text === '' ? '/console/board' : `/console/board?${text}`;
}

type Named = Pick<Names, 'of' | 'store' | 'zone'>;

/** Says of an order whether it is asked for. */
export function matcherOf(
  filter: BoardFilter,
  names: Named,
  now: number,
): (order: OrderView) => boolean {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const driver = filter.driver.trim().toLowerCase();
  const placedBefore = filter.age === '' ? undefined : now - Number(filter.age) * 60_000;
  return (order) =>
    (filter.zone === '' || order.zone === filter.zone) &&
    (filter.state === '' || `${order.state}.`.startsWith(`${filter.state}.`)) &&
    (filter.health === '' || order.health === filter.health) &&
    (placedBefore === undefined || order.placedAt <= placedBefore) &&
    (driver === '' || driversOf(order, names).includes(driver)) &&
    (words.length === 0 || isIn(words, textOf(order, names)));
}

const isIn = (words: readonly string[], text: string) => words.every((word) => text.includes(word));

/** Who carries it and who is asked, by name and id. */
const driversOf = ({ driverId, offers = [] }: OrderView, names: Pick<Names, 'of'>): string =>
  [...(driverId === undefined ? [] : [driverId]), ...offers.map((offer) => offer.driverId)]
    .map((id) => `${names.of(id)} ${id}`)
    .join(' ')
    .toLowerCase();

const textOf = (order: OrderView, names: Named): string =>
  [
    ...[order.orderId, order.customerId ?? '', order.state, stateWord(order.state)],
    ...[order.storeId, names.store(order.storeId), order.zone, names.zone(order.zone)],
    driversOf(order, names),
  ]
    .join(' ')
    .toLowerCase();
