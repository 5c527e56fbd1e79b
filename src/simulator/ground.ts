/** WGS 84 degrees. */
export interface Place {
  lat: number;
  lng: number;
}

const METERS_PER_DEGREE = 111_320;

/** A degree of longitude, in metres, at this latitude. */
const metersPerLng = (lat: number) => METERS_PER_DEGREE * Math.cos((lat * Math.PI) / 180);

/** The place so many metres north and east of `from`; good for a city, not for a continent. */
export const offset = (from: Place, north: number, east: number): Place => ({
  lat: from.lat + north / METERS_PER_DEGREE,
  lng: from.lng + east / metersPerLng(from.lat),
});

/** Straight line, metres. */
export function metersBetween(a: Place, b: Place): number {
  return Math.hypot(
    (b.lat - a.lat) * METERS_PER_DEGREE,
    (b.lng - a.lng) * metersPerLng((a.lat + b.lat) / 2),
  );
}

/** Where one is after `meters` from `from` straight towards `to`; at `to` when that is nearer. */
export function towards(from: Place, to: Place, meters: number): Place {
  const distance = metersBetween(from, to);
  if (distance <= meters) return to;
  const share = meters / distance;
  return {
    lat: from.lat + (to.lat - from.lat) * share,
    lng: from.lng + (to.lng - from.lng) * share,
  };
}
