import type { Point } from '../../../machines/common.ts';
import { contextOf } from '../../../machines/order-readers.ts';
import type { PersistedSnapshot, Principal } from '../../engine/types.ts';

/** Whom something is shown to. */
export type Viewer = Principal;

/** What a viewer is to an order now; undefined: a stranger, who must not learn that it exists. */
export type Standing = 'customer' | 'store' | 'operator' | 'assigned' | 'offered';

export function standingOf(snapshot: PersistedSnapshot, viewer: Viewer): Standing | undefined {
  const { customerId, storeId, assignment, offers } = contextOf(snapshot);
  switch (viewer.role) {
    case 'operator':
    case 'system':
      return 'operator';
    case 'customer':
      return viewer.id === customerId ? 'customer' : undefined;
    case 'store':
      return viewer.id === storeId ? 'store' : undefined;
    case 'driver':
      if (assignment?.driverId === viewer.id) return 'assigned';
      return offers.some(({ driverId }) => driverId === viewer.id) ? 'offered' : undefined;
  }
}

/** Some 500 m: enough to know which way it goes, too coarse to know whose door it is. */
const ROUGH_DEGREES = 0.005;

export const roughly = ({ lat, lng }: Point): Point => ({
  lat: round(lat),
  lng: round(lng),
});

const round = (degrees: number) =>
  Number((Math.round(degrees / ROUGH_DEGREES) * ROUGH_DEGREES).toFixed(3));
