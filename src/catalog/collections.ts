import { Schema } from 'mongoose';
import type { Point } from '../../machines/common.ts';
import type { OrderPolicy } from '../../machines/order-types.ts';
import type { CollectionSpec } from '../documents.ts';

/** How a zone dispatches; what it leaves out is the default. Durations are ms, before TIME_SCALE. */
export type ZonePolicy = Partial<OrderPolicy> & { strikesToPause?: number; pauseMs?: number };

/** What drivers earn by an order: a part for each, and a part for the way from store to door. */
export interface PayTariff {
  baseCents: number;
  perKmCents: number;
}

/** A part of a city that is served as one. */
export interface Zone {
  _id: string;
  name: string;
  /** Corners, the last joined to the first. */
  polygon: Point[];
  /** ISO 4217. */
  currency: string;
  feeCents: number;
  /** Absent: drivers are paid some other way, and offers name no pay. */
  pay?: PayTariff;
  /** From placing, or from the asked time, to the door, ms. */
  promiseMs: number;
  /** Average through traffic. */
  speedMetersPerMinute: number;
  policy: ZonePolicy;
}

export interface Store {
  _id: string;
  name: string;
  zone: string;
  lat: number;
  lng: number;
  /** To pack an order, ms. */
  handlingMs: number;
}

export interface Product {
  _id: string;
  storeId: string;
  name: string;
  unitCents: number;
  available: boolean;
}

const required = { required: true } as const;
const point = { lat: { type: Number, ...required }, lng: { type: Number, ...required } };

export const ZONES: CollectionSpec<Zone> = {
  name: 'zones',
  schema: new Schema({
    name: { type: String, ...required },
    polygon: { type: [new Schema(point, { _id: false })], ...required },
    currency: { type: String, ...required },
    feeCents: { type: Number, ...required },
    pay: new Schema(
      { baseCents: { type: Number, ...required }, perKmCents: { type: Number, ...required } },
      { _id: false },
    ),
    promiseMs: { type: Number, ...required },
    speedMetersPerMinute: { type: Number, ...required },
    policy: { type: Schema.Types.Mixed, default: {} },
  }),
};

export const STORES: CollectionSpec<Store> = {
  name: 'stores',
  schema: new Schema({
    name: { type: String, ...required },
    zone: { type: String, ...required },
    ...point,
    handlingMs: { type: Number, ...required },
  }),
  indexes: [['zone']],
};

export const PRODUCTS: CollectionSpec<Product> = {
  name: 'products',
  schema: new Schema({
    storeId: { type: String, ...required },
    name: { type: String, ...required },
    unitCents: { type: Number, ...required },
    available: { type: Boolean, ...required },
  }),
  indexes: [['storeId']],
};
