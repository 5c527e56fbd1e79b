import type { Plugin } from 'vite';
import { CHART_TEXT } from '../charts/chart-text.ts';
import { chartOf } from '../charts/charted.ts';

const NAME = 'virtual:order-chart';

/** Beside each event there is room for how often it happens: `120/m`. */
const RATE_LETTERS = 5;

/**
 * `virtual:order-chart` is where everything of the order machine's chart is, worked out while the pages
 * are built: the browser gets the coordinates, and never the library that found them.
 */
export const orderChart = (): Plugin => ({
  name: 'order-chart',
  resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
  async load(id) {
    if (id !== `\0${NAME}`) return undefined;
    const widthOf = ({ event }: { event: string }) =>
      Math.ceil((event.length + RATE_LETTERS) * CHART_TEXT.eventEm) + 6;
    return `export default ${JSON.stringify(await chartOf('order', { widthOf }))}`;
  },
});
