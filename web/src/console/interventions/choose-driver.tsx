import { useEffect, useState } from 'preact/hooks';
import { isCallError } from '../../../../src/client/call-error.ts';
import type { DriverView } from '../../../../src/protocol/operators.ts';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import { Ago, Failure, Skeleton } from '../../kit/elements.tsx';
import { toDistance } from '../../kit/format.ts';
import { metersBetween } from '../../kit/meters-between.ts';
import { useConsole } from '../console-context.tsx';
import { stateWord } from '../words.ts';

/** Drivers on duty in the order's zone, nearest to the store first; who cannot be chosen says why. */
export function ChooseDriver(props: {
  order: OrderView;
  /** Only a driver who is not asked already can be offered something. */
  forOffer: boolean;
  chosen: string | undefined;
  onChoose(driverId: string): void;
}) {
  const { order, forOffer, chosen, onChoose } = props;
  const { client, names } = useConsole();
  const [drivers, setDrivers] = useState<DriverView[]>();
  const [problem, setProblem] = useState<string>();
  const [text, setText] = useState('');

  async function read(): Promise<void> {
    setProblem(undefined);
    try {
      const zone = encodeURIComponent(order.zone);
      const found = await client.http<{ drivers: DriverView[] }>(
        'GET',
        `/v1/ops/fleet?zone=${zone}`,
      );
      setDrivers(found.drivers.toSorted((a, b) => distanceOf(a, order) - distanceOf(b, order)));
    } catch (error) {
      if (!isCallError(error)) throw error;
      setProblem(error.message);
    }
  }
  useEffect(() => void read(), [order.zone]);

  if (problem) return <Failure message={problem} onRetry={() => void read()} />;
  if (!drivers) return <Skeleton lines={4} />;
  if (drivers.length === 0)
    return <p class="notice warn">Nobody is on duty in {names.zone(order.zone)}.</p>;
  const wanted = text.trim().toLowerCase();
  return (
    <fieldset class="choose-driver stack">
      <legend>Driver, nearest to the store first</legend>
      {drivers.length > 8 && (
        <input
          class="input"
          type="search"
          aria-label="Find a driver"
          placeholder="Find a driver"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      )}
      <ul>
        {drivers
          .filter(({ name }) => name.toLowerCase().includes(wanted))
          .map((driver) => {
            const why = whyNotChosen(driver, order, forOffer);
            return (
              <li key={driver.driverId}>
                <label class={why ? 'row quiet' : 'row'}>
                  <input
                    type="radio"
                    name="driverId"
                    required
                    value={driver.driverId}
                    checked={chosen === driver.driverId}
                    disabled={why !== undefined}
                    onChange={() => onChoose(driver.driverId)}
                  />
                  <span>{driver.name}</span>
                  <span class="push small quiet num">
                    {why ?? <Whereabouts driver={driver} order={order} />}
                  </span>
                </label>
              </li>
            );
          })}
      </ul>
    </fieldset>
  );
}

function Whereabouts({ driver, order }: { driver: DriverView; order: OrderView }) {
  const meters = distanceOf(driver, order);
  return (
    <>
      {driver.state === 'onDuty.available' ? '' : `${stateWord(driver.state)} · `}
      {driver.orders.length > 0 && `carries ${driver.orders.length} · `}
      {Number.isFinite(meters) ? toDistance(meters) : 'no position'}
      {driver.seenAt !== undefined && (
        <>
          {' · heard of '}
          <Ago at={driver.seenAt} />
          {' ago'}
        </>
      )}
    </>
  );
}

const distanceOf = ({ point }: DriverView, { pickup }: OrderView): number =>
  point ? metersBetween(point, pickup) : Number.POSITIVE_INFINITY;

/** The database has the last word; this spares a try that would be refused. */
function whyNotChosen(
  { driverId, orders, offered, capacity }: DriverView,
  order: OrderView,
  forOffer: boolean,
): string | undefined {
  if (driverId === order.driverId) return 'has it already';
  if (order.offers?.some((offer) => offer.driverId === driverId)) {
    return forOffer ? 'is being asked' : undefined;
  }
  if (orders.length + (offered ? 1 : 0) >= capacity) return offered ? 'is being asked' : 'is full';
  return forOffer && offered ? 'is being asked' : undefined;
}
