import { Schema } from 'mongoose';
import type { CollectionSpec, OpenDocuments } from '../documents.ts';

/** How an offer ended that says something of its driver; one without was withdrawn, never seen, or is open. */
export type Answer = 'accepted' | 'rejected' | 'expired';

/** One offer made, for fairness: who is asked how often, and what they say. */
interface OfferNote {
  /** The offer's id. */
  _id: string;
  driverId: string;
  offeredAt: number;
  answer?: Answer;
}

/** What one driver was asked lately while on this shift. */
export interface OfferTally {
  offers: number;
  accepted: number;
  rejected: number;
  /** Seen, and not answered. */
  missed: number;
  /** Offers for each hour on duty, of the same hours. */
  perHour: number;
}

/**
 * The offers of the last hours, by driver. It is for looking at, and decides nothing: an offer whose
 * note was lost in a crash is not counted.
 */
export interface OfferBook {
  note(offers: readonly { offerId: string; driverId: string }[]): Promise<void>;
  /** Idempotent. */
  settle(offerId: string, answer: Answer): Promise<void>;
  /** Tallies of drivers on duty, counted from two hours ago at most; up to ten seconds old. */
  tally(shifts: readonly { driverId: string; startedAt: number }[]): Promise<OfferTally[]>;
}

const HOUR_MS = 3_600_000;
/** Before TIME_SCALE. */
const WINDOW_MS = 2 * HOUR_MS;
const FRESH_MS = 10_000;
/** Offers of one window that are counted; of more, the newest. */
const MOST = 20_000;
/** Less time on duty gives no rate to speak of. Before TIME_SCALE. */
const LEAST_MS = 10 * 60_000;

const OFFERS: CollectionSpec<OfferNote> = {
  name: 'offers',
  schema: new Schema({
    driverId: { type: String, required: true },
    offeredAt: { type: Date, required: true },
    answer: String,
  }),
  expires: { field: 'offeredAt', afterSeconds: 86_400 },
};

export function createOfferBook(deps: {
  open: OpenDocuments;
  clock: { now(): number };
  timeScale: number;
}): OfferBook {
  const { clock, timeScale } = deps;
  const offers = deps.open(OFFERS);
  let recent: { until: number; notes: Promise<Map<string, OfferNote[]>> } | undefined;

  async function read(): Promise<Map<string, OfferNote[]>> {
    const since = clock.now() - WINDOW_MS / timeScale;
    const found = await offers.find(
      { offeredAt: { gte: since } },
      { sort: ['offeredAt', -1], limit: MOST },
    );
    const byDriver = new Map<string, OfferNote[]>();
    for (const note of found) {
      byDriver.set(note.driverId, [...(byDriver.get(note.driverId) ?? []), note]);
    }
    return byDriver;
  }

  function recently(): Promise<Map<string, OfferNote[]>> {
    if (recent && recent.until > clock.now()) return recent.notes;
    const notes = read();
    recent = { until: clock.now() + FRESH_MS, notes };
    notes.catch(() => {
      recent = undefined;
    });
    return notes;
  }

  return {
    async note(made) {
      const offeredAt = clock.now();
      await Promise.all(
        made.map(({ offerId, driverId }) => offers.insert({ _id: offerId, driverId, offeredAt })),
      );
    },
    settle: async (offerId, answer) => void (await offers.update(offerId, { answer })),
    async tally(shifts) {
      const notes = await recently();
      return shifts.map(({ driverId, startedAt }) => {
        const since = Math.max(startedAt, clock.now() - WINDOW_MS / timeScale);
        const own = (notes.get(driverId) ?? []).filter(({ offeredAt }) => offeredAt >= since);
        const count = (answer: Answer) => own.filter((note) => note.answer === answer).length;
        const onDutyMs = Math.max((clock.now() - since) * timeScale, LEAST_MS);
        return {
          offers: own.length,
          accepted: count('accepted'),
          rejected: count('rejected'),
          missed: count('expired'),
          perHour: (own.length * HOUR_MS) / onDutyMs,
        };
      });
    },
  };
}
