import type { OrderPolicy } from '../../machines/order-types.ts';
import type { ShiftPolicy } from '../../machines/shift-types.ts';
import type { ZonePolicy } from './collections.ts';

/** What a zone does unless it says otherwise; ms. Reasons are in docs/adr/0007 and 0008. */
const DEFAULTS: OrderPolicy & ShiftPolicy = {
  mode: 'sequential',
  offerMs: 20_000,
  graceMs: 1_500,
  seenMs: 5_000,
  searchMs: 180_000,
  retryMs: 3_000,
  escalateAfter: 3,
  batchSize: 3,
  radiiMeters: [3_000, 5_000, 7_000],
  releaseMs: 120_000,
  atRiskMs: 10 * 60_000,
  stallMs: 15 * 60_000,
  pinTries: 5,
  strikesToPause: 3,
  pauseMs: 10 * 60_000,
};

const OFFER_MS = { min: 10_000, max: 120_000 };
/** The network does not run faster because the clock does. */
const LEAST_NETWORK_MS = 250;

/** A zone's dispatch policy in real ms. */
export function orderPolicyOf(zone: ZonePolicy, timeScale: number): OrderPolicy {
  const { strikesToPause: _strikes, pauseMs: _pause, ...of } = { ...DEFAULTS, ...zone };
  const scaled = (ms: number) => Math.round(ms / timeScale);
  const network = (ms: number) => Math.max(scaled(ms), LEAST_NETWORK_MS);
  return {
    ...of,
    offerMs: scaled(Math.min(Math.max(of.offerMs, OFFER_MS.min), OFFER_MS.max)),
    graceMs: network(of.graceMs),
    seenMs: network(of.seenMs),
    searchMs: scaled(of.searchMs),
    retryMs: network(of.retryMs),
    releaseMs: scaled(of.releaseMs),
    atRiskMs: scaled(of.atRiskMs),
    stallMs: scaled(of.stallMs),
  };
}

/** What a zone's shifts go by, in real ms. */
export function shiftPolicyOf(zone: ZonePolicy, timeScale: number): ShiftPolicy {
  const { strikesToPause, pauseMs } = { ...DEFAULTS, ...zone };
  return { strikesToPause, pauseMs: Math.round(pauseMs / timeScale) };
}
