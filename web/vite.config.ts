import { join } from 'node:path';
import { defineConfig } from 'vite';
import { orderChart } from './order-chart.ts';

const root = import.meta.dirname;

/** Three pages, one for each kind of person; what they share is loaded once. */
export default defineConfig({
  root,
  base: '/',
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // A page that inlines nothing needs no exception in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Laying the chart out takes its seconds, and is not to be remarked on at every build.
      checks: { pluginTimings: false },
      input: {
        customer: join(root, 'index.html'),
        driver: join(root, 'driver/index.html'),
        console: join(root, 'console/index.html'),
      },
    },
  },
  plugins: [orderChart()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: {
    // `npm run web`: pages with hot reload, everything else from the server on PORT.
    proxy: {
      '/v1': 'http://127.0.0.1:3000',
      '/socket.io': { target: 'http://127.0.0.1:3000', ws: true },
    },
  },
});
