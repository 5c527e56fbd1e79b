import { seconds } from '../../kit/clock.ts';
import { Ago } from '../../kit/elements.tsx';
import { toDistance } from '../../kit/format.ts';
import { bearing, type Place, projectAround } from './projection.ts';
import { Mark, Sketch } from './sketch.tsx';

/** Older than this, a position says where the driver was. */
const FRESH_MS = 30_000;

/** Store, door and, when it is shared, the driver: a sketch, with the same in words below. */
export function OrderMap(props: {
  pickup: Place;
  dropoff: Place;
  storeName: string;
  driverName?: string | undefined;
  position?: (Place & { at: number }) | undefined;
  /** Places are only known to some 500 m. */
  isRough?: boolean;
}) {
  const { pickup, dropoff, position, storeName, isRough = false } = props;
  const projection = projectAround([pickup, dropoff], {
    ...{ aspect: 16 / 9, marginMeters: 500, leastMeters: 1_600 },
  });
  const from = projection.toXY(pickup);
  const to = projection.toXY(dropoff);
  const isOld = position !== undefined && seconds.value - position.at > FRESH_MS;
  const who = props.driverName ?? 'The driver';
  const way = position && bearing(dropoff, position);
  return (
    <figure class="order-map">
      <div class="map-frame">
        <Sketch projection={projection} label={`Map: ${storeName}, and where it goes`}>
          <line class="way" x1={from.x} y1={from.y} x2={to.x} y2={to.y} />
          {isRough && <circle class="about" cx={to.x} cy={to.y} r={280} />}
          {isRough && position && (
            <circle
              class={`about driver ${isOld ? 'old' : ''}`}
              cx={projection.toXY(position).x}
              cy={projection.toXY(position).y}
              r={280}
            />
          )}
        </Sketch>
        <Mark at={projection.toShare(pickup)} class="store">
          {storeName}
        </Mark>
        <Mark at={projection.toShare(dropoff)} class="door">
          {isRough ? 'About here' : 'You'}
        </Mark>
        {position && (
          <Mark at={inside(projection.toShare(position))} class={`driver ${isOld ? 'old' : ''}`}>
            {props.driverName ?? 'Driver'}
          </Mark>
        )}
      </div>
      <figcaption class="small quiet">
        {way ? (
          <>
            {who} {isOld ? 'was' : 'is'} {isRough ? 'about ' : ''}
            {toDistance(way.meters)} away
            {isOld && (
              <>
                , <Ago at={position.at} /> ago
              </>
            )}
            .
          </>
        ) : (
          `${storeName} is ${toDistance(bearing(pickup, dropoff).meters)} away.`
        )}
      </figcaption>
    </figure>
  );
}

/** A driver who is further away than the map reaches is at its edge. */
const inside = ({ x, y }: { x: number; y: number }) => ({
  x: Math.min(0.97, Math.max(0.03, x)),
  y: Math.min(0.95, Math.max(0.08, y)),
});
