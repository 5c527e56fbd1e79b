import type { Point } from '../../../machines/common.ts';

const WIDTH = 320;
const HEIGHT = 160;
const MARGIN = 26;

/** Store, door and phone as they lie to each other, north up. Says nothing that the text beside it does not. */
export function Sketch(props: {
  pickup: Point;
  dropoff: Point;
  isRough: boolean;
  me?: Point;
  /** Where the phone is on its way to. @default 'store' */
  to?: 'store' | 'door';
}) {
  const { pickup, dropoff, me, to = 'store' } = props;
  const place = scaleTo([pickup, dropoff, ...(me ? [me] : [])]);
  const [store, door] = [place(pickup), place(dropoff)];
  const phone = me && place(me);
  const next = to === 'store' ? store : door;
  return (
    <svg class="sketch" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      {phone && <path class="way there" d={`M${phone.x} ${phone.y}L${next.x} ${next.y}`} />}
      <path class="way" d={`M${store.x} ${store.y}L${door.x} ${door.y}`} />
      <rect class="store" x={store.x - 8} y={store.y - 8} width="16" height="16" rx="3" />
      {props.isRough && <circle class="around" cx={door.x} cy={door.y} r="18" />}
      <circle class="door" cx={door.x} cy={door.y} r="8" />
      {phone && <circle class="phone" cx={phone.x} cy={phone.y} r="7" />}
    </svg>
  );
}

/** Everything in the picture, to scale. */
function scaleTo(points: Point[]): (point: Point) => { x: number; y: number } {
  const squeeze = Math.cos(((points[0]?.lat ?? 0) * Math.PI) / 180);
  const flat = points.map(({ lat, lng }) => ({ x: lng * squeeze, y: -lat }));
  const [xs, ys] = [flat.map(({ x }) => x), flat.map(({ y }) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [wide, high] = [Math.max(...xs) - left, Math.max(...ys) - top];
  const [roomX, roomY] = [WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN];
  // All in one place: a picture of some hundred metres.
  const scale = Math.min(roomX / Math.max(wide, 0.002), roomY / Math.max(high, 0.002));
  return ({ lat, lng }) => ({
    x: Math.round(WIDTH / 2 + (lng * squeeze - left - wide / 2) * scale),
    y: Math.round(HEIGHT / 2 + (-lat - top - high / 2) * scale),
  });
}
