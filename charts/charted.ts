import { orderMachine } from '../machines/order-machine.ts';
import { shiftMachine } from '../machines/shift-machine.ts';
import { type ChartLayout, layoutChart } from './layout-chart.ts';

/** The machines there are charts of, each with the events of the way that all goes well. */
const CHARTED = {
  order: {
    machine: orderMachine,
    usual: [
      ...['order.place', 'offer.open', 'offer.accept', 'order.arriveStore', 'order.pickUp'],
      ...['order.arriveDoor', 'order.deliver'],
    ],
  },
  shift: { machine: shiftMachine, usual: ['shift.start', 'shift.end'] },
};
export type ChartName = keyof typeof CHARTED;
export const CHART_NAMES = Object.keys(CHARTED) as ChartName[];

/** The chart of the machine that new orders or shifts are born with. */
export const chartOf = (name: ChartName): Promise<ChartLayout> =>
  layoutChart(CHARTED[name].machine, { usual: CHARTED[name].usual });
