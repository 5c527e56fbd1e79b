import type { AnyStateMachine } from 'xstate';
import { orderMachine } from '../machines/order-machine.ts';
import { shiftMachine } from '../machines/shift-machine.ts';
import type { ChartLayout } from './chart-layout.ts';
import type { ChartWish } from './chart-plan.ts';
import { layoutChart } from './layout-chart.ts';

/** The machines there are charts of, and how they read best. */
const CHARTED = {
  order: {
    machine: orderMachine,
    usual: [
      ...['order.place', 'offer.open', 'offer.accept', 'order.arriveStore', 'order.pickUp'],
      ...['order.arriveDoor', 'order.deliver'],
    ],
    // On the left until the bags are picked up, on the right from then on.
    columns: [
      ['new', 'scheduled', 'pending', 'preparing', 'cancelled'],
      ['outForDelivery', 'failed', 'returning', 'delivered', 'returned'],
    ],
  },
  shift: { machine: shiftMachine, usual: ['shift.start', 'shift.end'] },
} satisfies Record<string, ChartWish & { machine: AnyStateMachine }>;
export type ChartName = keyof typeof CHARTED;
export const CHART_NAMES = Object.keys(CHARTED) as ChartName[];

/** The chart of the machine that new orders or shifts are born with. */
export const chartOf = (name: ChartName, wish: ChartWish = {}): Promise<ChartLayout> =>
  layoutChart(CHARTED[name].machine, { ...CHARTED[name], ...wish });
