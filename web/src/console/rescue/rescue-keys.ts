import type { OrderEventType } from '../../../../machines/order-types.ts';
import type { Preset } from '../interventions/step-in.ts';

/** One key, one way out of the lane. */
export interface RescueAction {
  key: string;
  event: OrderEventType;
  label: string;
  preset?: Preset;
}

export const RESCUE_ACTIONS: readonly RescueAction[] = [
  { key: 's', event: 'search.start', label: 'Search again' },
  { key: 'w', event: 'search.start', label: 'Widen', preset: { widenMeters: 3_000 } },
  { key: 'o', event: 'offer.open', label: 'Offer to…' },
  { key: 'f', event: 'order.assign', label: 'Assign…' },
  { key: 'x', event: 'order.cancel', label: 'Cancel' },
];
