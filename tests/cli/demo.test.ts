import { describe, expect, it } from '@jest/globals';
import { readyUrl } from '../../src/cli/demo-server.ts';
import { createDemoView, drawOutcome } from '../../src/cli/demo-view.ts';
import { isGoodDay, type Outcome, type Progress } from '../../src/simulator/figures.ts';

const progress = (elapsedMs: number): Progress => ({
  elapsedMs,
  planned: 10,
  placed: 4,
  states: { 'pending.offered': 1, delivered: 3 },
  openOffers: 1,
  counts: {
    offered: 9,
    accepted: 3,
    rejected: 1,
    expired: 2,
    undelivered: 1,
    withdrawn: 0,
    released: 1,
    cancelled: 1,
    delivered: 3,
    returned: 0,
    rescued: 1,
    wrongPins: 0,
  },
  assignMs: { p50: 9_000, p95: 41_000, orders: 3 },
  drivers: { connected: 5, all: 6 },
  stale: 0,
  repairs: 2,
});
const outcome = (differing: Partial<Outcome> = {}): Outcome => ({
  ...progress(60_000),
  placed: 10,
  runId: 'run',
  unfinished: [],
  notPlaced: {},
  refusals: {},
  missing: [],
  ...differing,
});

function shown(isTTY: boolean, ...pictures: Progress[]): string[] {
  const written: string[] = [];
  const view = createDemoView({ isTTY, write: (text) => written.push(text) });
  for (const picture of pictures) view.show(picture);
  return written;
}

describe('demo', () => {
  it('[DEMO1] is good only when all were placed, all ended, and nothing it must show is missing', () => {
    expect(isGoodDay(outcome())).toBe(true);
    expect(isGoodDay(outcome({ placed: 9 }))).toBe(false);
    expect(isGoodDay(outcome({ missing: ['expired'] }))).toBe(false);
    expect(
      isGoodDay(outcome({ unfinished: [{ orderId: 'o1', state: 'pending.searching' }] })),
    ).toBe(false);
  });

  it('[DEMO1] says what was wrong with a day', () => {
    const table = drawOutcome(
      outcome({
        placed: 9,
        notPlaced: { rate_limited: 1 },
        missing: ['expired'],
        unfinished: [{ orderId: 'o1', state: 'pending.searching' }],
      }),
    ).join('\n');
    for (const told of ['1 orders could not', 'rate_limited 1', 'expired', 'o1 pending.searching'])
      expect(table).toContain(told);
  });

  it('[DEMO2] writes one line in 5 s where there is no terminal', () => {
    expect(
      shown(false, progress(0), progress(4_900), progress(5_000), progress(9_000)),
    ).toHaveLength(2);
  });

  it('[DEMO2] redraws over its own lines on a terminal', () => {
    const [first = '', second = ''] = shown(true, progress(0), progress(500));
    const height = first.split('\n').length - 1;
    expect(second.startsWith(`\u001b[${height}A`)).toBe(true);
    expect(second.split('\n').length - 1).toBe(height);
  });

  it('[DEMO3] finds the address in whatever way the server says that it is ready', () => {
    expect(readyUrl('  Waybill is ready at http://127.0.0.1:4123 (mongod 6.0.5)')).toBe(
      'http://127.0.0.1:4123',
    );
    expect(readyUrl('{"level":"info","url":"http://[::1]:80","msg":"ready"}')).toBe(
      'http://[::1]:80',
    );
    expect(readyUrl('not ready: http://127.0.0.1:1')).toBeUndefined();
    expect(readyUrl('downloading https://example.com/mongod')).toBeUndefined();
  });
});
