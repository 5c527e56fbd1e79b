import type { NumbersView, OrderTally } from '../../../../src/protocol/numbers.ts';
import { toCount, toDuration } from '../../kit/format.ts';
import type { ChartData } from './chart.tsx';

const share = (part: number, whole: number): number | null =>
  whole === 0 ? null : (100 * part) / whole;
const percent = (value: number): string => `${Math.round(value)} %`;
const count = (value: number): string => String(Math.round(value));
const or = (value: number | null | undefined, write: (value: number) => string): string =>
  value === null || value === undefined ? '–' : write(value);

const answered = ({ offers }: OrderTally): number =>
  offers.accepted + offers.rejected + offers.expired + offers.withdrawn + offers.undelivered;

/** The whole time in a few numbers. Pure, as all here. */
export function tilesOf({ total }: NumbersView): { name: string; value: string; detail: string }[] {
  return [
    {
      name: 'Orders placed',
      value: count(total.placed),
      detail: `${total.delivered} delivered, ${total.cancelled} cancelled`,
    },
    {
      name: 'Time to assign',
      value: or(total.assignP50Ms, toDuration),
      detail: `95 of 100 within ${or(total.assignP95Ms, toDuration)}`,
    },
    {
      name: 'Offers accepted',
      value: or(share(total.offers.accepted, answered(total)), percent),
      detail: `${total.offers.accepted} of ${answered(total)}`,
    },
    {
      name: 'On time',
      value: or(share(total.onTime, total.delivered), percent),
      detail: `${total.onTime} of ${total.delivered} delivered`,
    },
    {
      name: 'Searches failed',
      value: count(total.searchFailures),
      detail: `${or(share(total.searchFailures, total.placed), percent)} of the orders`,
    },
  ];
}

/** The same over time. */
export function chartsOf(view: NumbersView): ChartData[] {
  const { total, buckets } = view;
  const instants = buckets.map(({ at }) => at);
  const of = (read: (bucket: OrderTally) => number | null | undefined) =>
    buckets.map((bucket) => read(bucket) ?? null);
  const tiles = tilesOf(view);
  const said = (name: string) => {
    const tile = tiles.find((each) => each.name === name);
    return `${tile?.value}, ${tile?.detail}.`;
  };
  return [
    {
      ...{ title: 'Time to assign', instants, kind: 'lines', write: toDuration },
      says: `From the beginning of the search to a driver: ${said('Time to assign')}`,
      series: [
        { label: 'half', colour: '--info', values: of((bucket) => bucket.assignP50Ms) },
        { label: '95 of 100', colour: '--violet', values: of((bucket) => bucket.assignP95Ms) },
      ],
    },
    {
      ...{ title: 'Offers', instants, kind: 'stack', write: count },
      says: `How they ended: ${said('Offers accepted')}`,
      series: [
        { label: 'accepted', colour: '--good', values: of(({ offers }) => offers.accepted) },
        { label: 'rejected', colour: '--warn', values: of(({ offers }) => offers.rejected) },
        { label: 'expired', colour: '--bad', values: of(({ offers }) => offers.expired) },
        {
          label: 'undelivered',
          colour: '--violet',
          values: of(({ offers }) => offers.undelivered),
        },
        {
          label: 'withdrawn',
          colour: '--line-strong',
          values: of(({ offers }) => offers.withdrawn),
        },
      ],
    },
    {
      ...{ title: 'On time', instants, kind: 'lines', write: percent, most: 100 },
      says: `Of what was delivered, by the promised time: ${said('On time')}`,
      series: [
        {
          label: 'on time',
          colour: '--good',
          values: of(({ onTime, delivered }) => share(onTime, delivered)),
        },
      ],
    },
    {
      ...{ title: 'Searches that failed', instants, kind: 'stack', write: count },
      says: `Into the rescue lane: ${total.searchFailures}, of ${toCount(total.placed, 'order')}.`,
      series: [{ label: 'failed', colour: '--bad', values: of((bucket) => bucket.searchFailures) }],
    },
  ];
}
