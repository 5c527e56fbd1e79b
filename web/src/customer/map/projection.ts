export interface Place {
  lat: number;
  lng: number;
}

/** A flat picture of a few kilometres: metres east and south of its centre. */
export interface Projection {
  /** Half of width and height, metres. */
  half: { x: number; y: number };
  /** @returns metres east and south of the centre */
  toXY(place: Place): { x: number; y: number };
  toPlace(xy: { x: number; y: number }): Place;
  /** Where in the picture, as shares of its width and height: 0 … 1 inside. */
  toShare(place: Place): { x: number; y: number };
}

const METERS_PER_DEGREE = 111_195;

/**
 * The picture that has all the places in it, with room around them, in the proportions asked for.
 * @param aspect width / height
 */
export function projectAround(
  places: readonly Place[],
  {
    aspect,
    marginMeters,
    leastMeters,
  }: { aspect: number; marginMeters: number; leastMeters: number },
): Projection {
  const lats = places.map(({ lat }) => lat);
  const lngs = places.map(({ lng }) => lng);
  const centre = {
    lat: (Math.min(...lats) + Math.max(...lats)) / 2,
    lng: (Math.min(...lngs) + Math.max(...lngs)) / 2,
  };
  const perLng = METERS_PER_DEGREE * Math.cos((centre.lat * Math.PI) / 180);
  const width = (Math.max(...lngs) - Math.min(...lngs)) * perLng + 2 * marginMeters;
  const height = (Math.max(...lats) - Math.min(...lats)) * METERS_PER_DEGREE + 2 * marginMeters;
  const tall = Math.max(height, width / aspect, leastMeters);
  const half = { x: (tall * aspect) / 2, y: tall / 2 };

  const toXY = ({ lat, lng }: Place) => ({
    x: (lng - centre.lng) * perLng,
    y: (centre.lat - lat) * METERS_PER_DEGREE,
  });
  return {
    half,
    toXY,
    toPlace: ({ x, y }) => ({
      lat: centre.lat - y / METERS_PER_DEGREE,
      lng: centre.lng + x / perLng,
    }),
    toShare(place) {
      const { x, y } = toXY(place);
      return { x: (x + half.x) / (2 * half.x), y: (y + half.y) / (2 * half.y) };
    },
  };
}

const WINDS = [
  'east',
  'south-east',
  'south',
  'south-west',
  'west',
  'north-west',
  'north',
  'north-east',
];

/** How far, metres, and which way `to` is from `from`: for those who do not see the map. */
export function bearing(from: Place, to: Place): { meters: number; wind: string } {
  const perLng = METERS_PER_DEGREE * Math.cos((from.lat * Math.PI) / 180);
  const x = (to.lng - from.lng) * perLng;
  const y = (from.lat - to.lat) * METERS_PER_DEGREE;
  const eighth = Math.round(Math.atan2(y, x) / (Math.PI / 4) + 8) % 8;
  return { meters: Math.hypot(x, y), wind: WINDS[eighth] as string };
}
