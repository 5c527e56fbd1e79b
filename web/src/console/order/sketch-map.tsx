import type { Point } from '../../../../machines/common.ts';
import type { Pushes } from '../../../../src/protocol/messages.ts';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import { seconds } from '../../kit/clock.ts';
import { toDistance, toDuration } from '../../kit/format.ts';
import { metersBetween } from '../../kit/meters-between.ts';
import { projectionOf } from '../map/projection.ts';
import { ScaleBar } from '../map/scale-bar.tsx';
import '../map/map.css';

const BOX = { width: 360, height: 240, pad: 36 };
/** A position older than this is drawn grey. */
const FRESH_MS = 30_000;

/** Store, door and driver, north up and true to scale. */
export function SketchMap(props: { order: OrderView; driverAt?: Pushes['driver:position'] }) {
  const { order, driverAt } = props;
  const { pickup, dropoff } = order;
  const projection = projectionOf([pickup, dropoff, ...(driverAt ? [driverAt] : [])], BOX);
  const at = (point: Point) => `translate(${projection.x(point)} ${projection.y(point)})`;
  const isOld = driverAt !== undefined && seconds.value - driverAt.at > FRESH_MS;
  return (
    <figure class="sketch">
      <svg
        class="map"
        viewBox={`0 0 ${BOX.width} ${BOX.height}`}
        role="img"
        aria-label={describe(order, driverAt)}
      >
        <line
          class="way"
          x1={projection.x(pickup)}
          y1={projection.y(pickup)}
          x2={projection.x(dropoff)}
          y2={projection.y(dropoff)}
        />
        <g transform={at(pickup)}>
          <rect class="store" x="-7" y="-7" width="14" height="14" rx="2" />
          <text y="-12">store</text>
        </g>
        <g transform={at(dropoff)}>
          <circle class="door" r="7" />
          <text y="-12">door</text>
        </g>
        {driverAt && (
          <g transform={at(driverAt)} class={isOld ? 'old' : ''}>
            <path class="driver" d="M0 -9L8 7H-8z" />
            <text y="22">driver</text>
          </g>
        )}
        <ScaleBar x={12} y={BOX.height - 12} metersPerPixel={projection.metersPerPixel} />
      </svg>
      <figcaption class="small quiet">{describe(order, driverAt)}</figcaption>
    </figure>
  );
}

function describe({ pickup, dropoff }: OrderView, driver?: Pushes['driver:position']): string {
  const way = `Store to door ${toDistance(metersBetween(pickup, dropoff))}`;
  if (!driver) return `${way}; no driver’s position.`;
  const ago = toDuration(seconds.value - driver.at);
  return (
    `${way}; driver ${toDistance(metersBetween(driver, pickup))} from the store, ` +
    `${toDistance(metersBetween(driver, dropoff))} from the door, heard ${ago} ago.`
  );
}
