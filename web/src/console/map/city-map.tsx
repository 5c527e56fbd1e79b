import type { ComponentChildren } from 'preact';
import type { Point } from '../../../../machines/common.ts';
import type { StoreView, ZoneView } from '../../../../src/protocol/catalog.ts';
import type { DriverView } from '../../../../src/protocol/operators.ts';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import { toShortId } from '../../kit/format.ts';
import { isSilent } from '../fleet/is-silent.ts';
import { stateWord } from '../words.ts';
import { projectionOf } from './projection.ts';
import { ScaleBar } from './scale-bar.tsx';

/** Marks keep their size: a phone's map is a smaller box, not a smaller picture. */
const DESK = { width: 1_000, height: 780, pad: 24 };
const PHONE = { width: 400, height: 460, pad: 12 };
const isNarrow = matchMedia('(max-width: 48rem)');
/** Doors drawn at once: more would be a grey cloud. */
const MOST_DOORS = 600;

/** The city to scale: what can be chosen is a button. */
export function CityMap(props: {
  zones: readonly ZoneView[];
  stores: readonly StoreView[];
  drivers: readonly DriverView[];
  orders: readonly OrderView[];
  /** The zone to look at; undefined: all of them. */
  zone: string | undefined;
  chosen: string | undefined;
  onDriver(driverId: string): void;
  onOrder(orderId: string): void;
}) {
  const { zones, stores, drivers, orders, chosen } = props;
  const box = isNarrow.matches ? PHONE : DESK;
  const seen = zones.filter(({ zone }) => props.zone === undefined || zone === props.zone);
  const { x, y, metersPerPixel } = projectionOf(
    seen.flatMap(({ polygon }) => polygon),
    box,
  );
  /** What is out of sight cannot be chosen, by Tab neither. */
  const isSeen = (point: Point) =>
    x(point) >= 0 && x(point) <= box.width && y(point) >= 0 && y(point) <= box.height;
  const doors = orders.filter(({ dropoff }) => isSeen(dropoff)).slice(0, MOST_DOORS);
  const at = (point: Point) => `translate(${x(point)} ${y(point)})`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing with buttons in it
    <svg
      class="map city"
      viewBox={`0 0 ${box.width} ${box.height}`}
      role="group"
      aria-label="Map of drivers and orders"
    >
      <g class="zone">
        {zones.map(({ zone, polygon }) => (
          <polygon
            key={zone}
            points={polygon.map((point) => `${x(point)},${y(point)}`).join(' ')}
          />
        ))}
        {zones.map(({ zone, name, polygon }) => (
          <text key={zone} x={Math.min(...polygon.map(x)) + 8} y={Math.min(...polygon.map(y)) + 18}>
            {name}
          </text>
        ))}
      </g>
      {doors.map((order) => (
        <g key={order.orderId} class={order.orderId === chosen ? 'chosen' : ''}>
          {order.orderId === chosen && (
            <line
              class="way"
              x1={x(order.pickup)}
              y1={y(order.pickup)}
              x2={x(order.dropoff)}
              y2={y(order.dropoff)}
            />
          )}
          <Mark
            label={`Order ${toShortId(order.orderId)}, ${stateWord(order.state)}`}
            transform={at(order.dropoff)}
            onChoose={() => props.onOrder(order.orderId)}
          >
            <circle class={`door ${order.health}`} r="5" />
          </Mark>
        </g>
      ))}
      {stores.map((store) => (
        <g key={store.storeId} transform={at(store)}>
          <title>{store.name}</title>
          <rect class="store" x="-5" y="-5" width="10" height="10" rx="2" />
        </g>
      ))}
      {drivers.map(
        (driver) =>
          driver.point &&
          isSeen(driver.point) && (
            <g key={driver.driverId} class={driver.driverId === chosen ? 'chosen' : ''}>
              <Mark
                label={`${driver.name}, ${stateWord(driver.state)}${isSilent(driver) ? ', silent' : ''}`}
                transform={at(driver.point)}
                onChoose={() => props.onDriver(driver.driverId)}
              >
                <path
                  class={`driver ${isSilent(driver) ? 'old' : ''} ${driver.orders.length > 0 ? 'carrying' : ''}`}
                  d="M0 -9L8 7H-8z"
                />
              </Mark>
            </g>
          ),
      )}
      <ScaleBar x={16} y={box.height - 16} metersPerPixel={metersPerPixel} />
    </svg>
  );
}

function Mark(props: {
  label: string;
  transform: string;
  onChoose(): void;
  children: ComponentChildren;
}) {
  const { label, transform, onChoose, children } = props;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button cannot be inside a drawing
    <g
      role="button"
      // In a drawing, names of attributes keep their case.
      tabindex={0}
      aria-label={label}
      class="mark"
      transform={transform}
      onClick={onChoose}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        onChoose();
      }}
    >
      <title>{label}</title>
      <circle class="hit" r="12" />
      {children}
    </g>
  );
}
