import { Schema } from 'mongoose';
import type { CollectionSpec, OpenDocuments } from '../documents.ts';
import type { Considered } from './policy.ts';

/** Why an offer went to whom it went, or why the last look found nobody to ask. */
export interface Explanation {
  /** The offer's id, or the search's: see `searchOf`. */
  _id: string;
  orderId: string;
  /** Absent: nobody. */
  driverId?: string;
  /** `policy`, or the operator who chose. */
  by: string;
  radiusMeters?: number;
  misses?: number;
  considered: Considered[];
  createdAt: number;
}

export interface Explanations {
  /** Written before the offer commits; one whose offer never did is harmless, and goes with time. */
  save(explanations: readonly Explanation[]): Promise<void>;
  get(offerId: string): Promise<Explanation | undefined>;
}

/** Under which id the last look of an order's search that found nobody is kept. */
export const searchOf = (orderId: string): string => `${orderId}:search`;

const KEPT_SECONDS = 30 * 86_400;

const EXPLANATIONS: CollectionSpec<Explanation> = {
  name: 'explanations',
  schema: new Schema({
    orderId: { type: String, required: true },
    driverId: String,
    by: { type: String, required: true },
    radiusMeters: Number,
    misses: Number,
    considered: {
      type: [
        new Schema(
          { driverId: String, distanceMeters: Number, rank: Number, leftOut: String },
          { _id: false },
        ),
      ],
      default: [],
    },
    createdAt: { type: Date, required: true },
  }),
  expires: { field: 'createdAt', afterSeconds: KEPT_SECONDS },
};

/** Explanations stand beside the orders, so that these stay small. */
export function createExplanations(open: OpenDocuments): Explanations {
  const explanations = open(EXPLANATIONS);
  return {
    async save(all) {
      await Promise.all(all.map((each) => explanations.put(each)));
    },
    get: (offerId) => explanations.get(offerId),
  };
}
