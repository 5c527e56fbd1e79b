import { Schema } from 'mongoose';
import type { CollectionSpec, OpenDocuments } from '../../documents.ts';

/** Which link of each order is good now: 0 is the first, and each taken back makes way for the next. */
export interface Shares {
  generation(orderId: string): Promise<number>;
  /** Takes back this link, if it is the present one. Idempotent. */
  revoke(orderId: string, generation: number): Promise<void>;
}

interface Share {
  _id: string;
  generation: number;
}

/** Orders of which a link was taken back; all others are at their first. Kept as long as orders are. */
const SHARES: CollectionSpec<Share> = {
  name: 'shares',
  schema: new Schema({ generation: { type: Number, required: true } }),
};

export function createShares(open: OpenDocuments): Shares {
  const shares = open(SHARES);
  return {
    generation: async (orderId) => (await shares.get(orderId))?.generation ?? 0,

    async revoke(orderId, generation) {
      const next = { generation: generation + 1 };
      if (generation === 0 && (await shares.insert({ _id: orderId, ...next }))) return;
      await shares.update(orderId, next, { generation });
    },
  };
}
