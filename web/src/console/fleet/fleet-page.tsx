import { useState } from 'preact/hooks';
import type { DriverView } from '../../../../src/protocol/operators.ts';
import { seconds } from '../../kit/clock.ts';
import { Ago, Empty, Skeleton } from '../../kit/elements.tsx';
import { toDuration } from '../../kit/format.ts';
import { useConsole } from '../console-context.tsx';
import { stateWord } from '../words.ts';
import { DriverRow } from './driver-row.tsx';
import { isSilent } from './is-silent.ts';
import { useFleet } from './use-fleet.ts';
import './fleet.css';

const STATES = ['onDuty.available', 'onDuty.onBreak', 'onDuty.paused'];
/** Older than this, the list says so. */
const STALE_MS = 10_000;

/** Who is on duty, what they carry, how they are treated and how they answer; what can be done. */
export default function FleetPage() {
  const { names } = useConsole();
  const { drivers, asOf } = useFleet();
  const [text, setText] = useState('');
  const [state, setState] = useState('');
  if (!drivers || asOf === undefined) return <Skeleton lines={8} />;
  const wanted = text.trim().toLowerCase();
  const shown = drivers
    .filter((driver) => state === '' || driver.state === state)
    .filter(({ name, zone }) =>
      `${name} ${zone} ${names.zone(zone)}`.toLowerCase().includes(wanted),
    )
    .toSorted(byNeed);
  const isStale = seconds.value - asOf > STALE_MS;
  return (
    <div class="fleet stack">
      <header class="row">
        <h1>Fleet</h1>
        {['', ...STATES].map((each) => (
          <button
            key={each}
            type="button"
            class="button compact"
            aria-pressed={state === each}
            onClick={() => setState(each)}
          >
            {each === '' ? 'on duty' : stateWord(each)}{' '}
            <span class="num">
              {drivers.filter((driver) => each === '' || driver.state === each).length}
            </span>
          </button>
        ))}
        <input
          class="input compact find"
          type="search"
          aria-label="Find a driver or zone"
          placeholder="Driver or zone"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <span class={isStale ? 'badge warn push' : 'small quiet push'}>
          as of <Ago at={asOf} /> ago
        </span>
      </header>
      {shown.length === 0 ? (
        <Empty title="Nobody">No driver on duty fits this.</Empty>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever scrolls by keyboard must get in
        <section class="card scroll" aria-label="Drivers" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Driver</th>
                <th scope="col">State</th>
                <th scope="col">In hand</th>
                <th scope="col">Position</th>
                <th scope="col" title="Of the offers they answered or let lapse">
                  Accepts
                </th>
                <th scope="col">Offers an hour</th>
                <th scope="col">Strikes</th>
                <th scope="col">On duty</th>
                <th scope="col">Step in</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((driver) => (
                <DriverRow key={driver.shiftId} driver={driver} mean={meanOf(drivers)} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      <p class="small quiet">
        Fairness: {meanOf(drivers).toFixed(1)} offers an hour on average; offers and answers are
        counted over {toDuration(7_200_000)} on duty at most.
      </p>
    </div>
  );
}

const meanOf = (drivers: readonly DriverView[]): number =>
  drivers.reduce((sum, { tally }) => sum + tally.perHour, 0) / Math.max(1, drivers.length);

/** Silent ones with work in hand first, then by name. */
const byNeed = (a: DriverView, b: DriverView): number =>
  Number(b.orders.length > 0 && isSilent(b)) - Number(a.orders.length > 0 && isSilent(a)) ||
  a.name.localeCompare(b.name, undefined, { numeric: true });
