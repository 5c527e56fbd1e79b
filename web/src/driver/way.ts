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

/** Apple's do not follow `geo:`; an iPad says that it is a Macintosh. */
const APPLE = /iPhone|iPad|iPod|Macintosh/;

/** Opens whatever the phone finds its way with; nothing is asked of another host. */
export const wayTo = ({ lat, lng }: Point, userAgent = navigator.userAgent): string =>
  APPLE.test(userAgent) ? `maps:?daddr=${lat},${lng}` : `geo:${lat},${lng}?q=${lat},${lng}`;
