import type { Point } from '../../../../machines/common.ts';

export interface Projection {
  x(point: Point): number;
  y(point: Point): number;
  metersPerPixel: number;
}

const METERS_PER_DEGREE = 111_195;
/** A town is not looked at closer than this, metres across. */
const LEAST_METERS = 400;

/** North up, true to scale, all points inside the box with `pad` around them, pixels. */
export function projectionOf(
  points: readonly Point[],
  box: { width: number; height: number; pad: number },
): Projection {
  const [lats, lngs] = [points.map(({ lat }) => lat), points.map(({ lng }) => lng)];
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  const [west, east] = [Math.min(...lngs), Math.max(...lngs)];
  const middle = { lat: (south + north) / 2, lng: (west + east) / 2 };
  const shrink = Math.cos((middle.lat * Math.PI) / 180);
  const metersPerPixel = Math.max(
    ((east - west) * shrink * METERS_PER_DEGREE) / (box.width - 2 * box.pad),
    ((north - south) * METERS_PER_DEGREE) / (box.height - 2 * box.pad),
    LEAST_METERS / box.width,
  );
  const pixels = METERS_PER_DEGREE / metersPerPixel;
  return {
    x: ({ lng }) => box.width / 2 + (lng - middle.lng) * shrink * pixels,
    y: ({ lat }) => box.height / 2 - (lat - middle.lat) * pixels,
    metersPerPixel,
  };
}

/** A round distance that fits on some 80 pixels, for the scale: 1, 2 or 5 times a power of ten. */
export function scaleMeters(metersPerPixel: number): number {
  const room = metersPerPixel * 80;
  const power = 10 ** Math.floor(Math.log10(room));
  return ([5, 2, 1].find((times) => times * power <= room) ?? 1) * power;
}
