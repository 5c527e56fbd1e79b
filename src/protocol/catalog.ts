import type { Point } from '../../machines/common.ts';

export interface ZoneView {
  zone: string;
  name: string;
  polygon: Point[];
  currency: string;
  feeCents: number;
}

export interface StoreView extends Point {
  storeId: string;
  name: string;
  zone: string;
}

export interface ProductView {
  productId: string;
  name: string;
  unitCents: number;
  available: boolean;
}
