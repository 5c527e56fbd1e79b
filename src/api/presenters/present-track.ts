import { contextOf, isOver } from '../../../machines/order-readers.ts';
import type { PersistedSnapshot } from '../../engine/types.ts';
import type { TrackView } from '../../protocol/tracking.ts';
import { roughly } from './viewer.ts';

/** An order as the store has it. */
export interface TrackedOrder {
  state: string;
  snapshot: PersistedSnapshot;
  /** Of its last step, epoch ms. */
  updatedAt: number;
}

/** What is known beside the order's own state. */
export interface TrackDetails {
  storeName: string;
  /** First name of who carries it. */
  driverName?: string;
  /** By where the driver is now. */
  etaAt?: number;
  /** Where who carries it was last. */
  position?: { lat: number; lng: number; at: number };
  /** How long the link outlives the order, ms. */
  afterEndMs: number;
}

/**
 * An order as whoever has its link may see it: how far it is and when it comes. No id, no PIN, no
 * price, no word that anybody wrote, and no place finer than the neighbourhood: a driver's exact way
 * would end at the very door. Pure.
 */
export function presentTrack(order: TrackedOrder, details: TrackDetails): TrackView {
  const of = contextOf(order.snapshot);
  const over = isOver(order.snapshot);
  const { storeName, driverName, position, afterEndMs } = details;
  const carries = !over && of.assignment !== null;
  return {
    state: order.state,
    storeName,
    placedAt: of.placedAt,
    searchAt: of.searchAt,
    promisedAt: of.promisedAt,
    etaAt: details.etaAt ?? of.etaAt,
    health: of.health,
    isPacked: of.storeReadyAt !== null,
    pickup: of.pickup,
    dropoff: roughly(of.dropoff),
    ...(carries && driverName !== undefined ? { driverName } : {}),
    ...(carries && position && isOnTheWay(order.state)
      ? { position: { ...roughly(position), at: position.at } }
      : {}),
    ...(over ? { endedAt: order.updatedAt, validUntil: order.updatedAt + afterEndMs } : {}),
  };
}

/** Where a driver is before they have the bags is not the order's business. */
const isOnTheWay = (state: string) => state.startsWith('outForDelivery');
