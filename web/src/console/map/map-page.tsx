import { useState } from 'preact/hooks';
import type { DriverView } from '../../../../src/protocol/operators.ts';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import { Ago, Skeleton } from '../../kit/elements.tsx';
import { toCount, toShortId } from '../../kit/format.ts';
import { useConsole } from '../console-context.tsx';
import { ShiftButtons } from '../fleet/driver-row.tsx';
import { useFleet } from '../fleet/use-fleet.ts';
import { MoveButtons } from '../interventions/move-buttons.tsx';
import { stateWord } from '../words.ts';
import { CityMap } from './city-map.tsx';
import './map.css';

type Chosen = { is: 'driver'; id: string } | { is: 'order'; id: string };

/** Drivers, orders and zones, north up; whoever is silent is grey. */
export default function MapPage() {
  const { live, places } = useConsole();
  const { drivers, asOf } = useFleet();
  const city = places.city.value;
  const [chosen, setChosen] = useState<Chosen>();
  const [zone, setZone] = useState<string>();
  live.version.value;
  if (!city || !drivers || asOf === undefined) return <Skeleton lines={10} />;
  const driver = drivers.find(({ driverId }) => driverId === chosen?.id);
  const order = chosen?.is === 'order' ? live.orders.get(chosen.id) : undefined;
  return (
    <div class="map-page">
      <h1 class="sr-only">Map</h1>
      <CityMap
        {...city}
        drivers={drivers}
        orders={[...live.orders.values()]}
        zone={zone}
        chosen={chosen?.id}
        onDriver={(id) => setChosen({ is: 'driver', id })}
        onOrder={(id) => setChosen({ is: 'order', id })}
      />
      <aside class="card pad stack" aria-label="Details">
        <label class="field">
          <span>Zone</span>
          <select
            class="input"
            value={zone ?? ''}
            onChange={(event) => setZone(event.currentTarget.value || undefined)}
          >
            <option value="">All of them</option>
            {city.zones.map(({ zone, name }) => (
              <option key={zone} value={zone}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <p class="small quiet">
          Positions of {drivers.filter(({ point }) => point).length} of{' '}
          {toCount(drivers.length, 'driver')}, as of <Ago at={asOf} /> ago;{' '}
          {toCount(live.orders.size, 'order')}.
        </p>
        {driver && <DriverDetails driver={driver} />}
        {order && <OrderDetails order={order} />}
        {!driver && !order && (
          <p class="quiet">Choose a driver or a door on the map, by click or by Tab and Enter.</p>
        )}
        <Legend />
      </aside>
    </div>
  );
}

function DriverDetails({ driver }: { driver: DriverView }) {
  const { live } = useConsole();
  return (
    <section class="stack">
      <h2>{driver.name}</h2>
      <p>
        {stateWord(driver.state)}
        {driver.seenAt !== undefined && (
          <>
            , heard of <Ago at={driver.seenAt} /> ago
          </>
        )}
      </p>
      {driver.orders.map((id) => (
        <p key={id}>
          <a class="mono" href={`/console/orders/${id}`}>
            …{toShortId(id)}
          </a>{' '}
          <span class="quiet">{stateWord(live.orders.get(id)?.state ?? '')}</span>
        </p>
      ))}
      <ShiftButtons driver={driver} />
    </section>
  );
}

function OrderDetails({ order }: { order: OrderView }) {
  return (
    <section class="stack">
      <h2>
        Order{' '}
        <a class="mono" href={`/console/orders/${order.orderId}`}>
          …{toShortId(order.orderId)}
        </a>
      </h2>
      <p>{stateWord(order.state)}</p>
      <MoveButtons order={order} />
    </section>
  );
}

function Legend() {
  return (
    <ul class="legend small">
      <li class="driver">driver, free or carrying</li>
      <li class="old">driver not heard of for 30 s</li>
      <li class="store">store</li>
      <li class="door">door: on time</li>
      <li class="door atRisk">door: at risk</li>
      <li class="door late">door: late</li>
    </ul>
  );
}
