import type { Point } from '../../../machines/common.ts';

const WINDS = [
  ...['north', 'north-east', 'east', 'south-east'],
  ...['south', 'south-west', 'west', 'north-west'],
];

/** Whereto it goes, on an eight-point compass: `north-east`. */
export function windOf(from: Point, to: Point): string {
  const east = (to.lng - from.lng) * Math.cos((from.lat * Math.PI) / 180);
  const turns = Math.atan2(east, to.lat - from.lat) / (2 * Math.PI);
  return WINDS[Math.round(turns * 8 + 8) % 8] as string;
}

/** Opens whatever the phone finds its way with. */
export const wayTo = ({ lat, lng }: Point): string => `geo:${lat},${lng}?q=${lat},${lng}`;
