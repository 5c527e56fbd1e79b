import { useEffect, useMemo, useState } from 'preact/hooks';
import type { NumbersView } from '../../../../src/protocol/numbers.ts';
import { seconds } from '../../kit/clock.ts';
import { Ago, Empty, Failure, Skeleton, Time } from '../../kit/elements.tsx';
import { useConsole } from '../console-context.tsx';
import { Chart } from './chart.tsx';
import { chartsOf, tilesOf } from './figures.ts';
import { createNumbers } from './numbers.ts';
import './numbers.css';

const HOURS = [1, 2, 6, 12, 24, 48] as const;
/** Older than this, figures are said to be old. */
const FRESH_MS = 45_000;

/** How well it goes, over the last hours: counted by the server from the stored histories. */
export default function NumbersPage() {
  const { client } = useConsole();
  const [hours, setHours] = useState(6);
  const [zone, setZone] = useState('');
  const numbers = useMemo(() => createNumbers(client, hours, zone), [client, hours, zone]);
  useEffect(() => numbers.start(), [numbers]);
  const view = numbers.view.value;
  const problem = numbers.problem.value;
  return (
    <div class="numbers stack">
      <div class="row head">
        <h1>Numbers</h1>
        <ZoneFilter zone={zone} onChange={setZone} />
        <fieldset class="row hours">
          <legend class="sr-only">Hours</legend>
          {HOURS.map((each) => (
            <label key={each} class="segment num">
              <input
                type="radio"
                class="sr-only"
                name="hours"
                checked={each === hours}
                onChange={() => setHours(each)}
              />
              {each} h
            </label>
          ))}
        </fieldset>
      </div>
      {problem && !view && <Failure message={problem} onRetry={numbers.refresh} />}
      {!problem && !view && <Skeleton lines={8} />}
      {view && <Figures view={view} problem={problem} />}
    </div>
  );
}

function ZoneFilter({ zone, onChange }: { zone: string; onChange(zone: string): void }) {
  // Until they are known all of them together can be looked at.
  const zones = useConsole().places.city.value?.zones ?? [];
  return (
    <label class="row">
      <span class="sr-only">Zone</span>
      <select
        class="input zone-filter"
        value={zone}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        <option value="">All zones</option>
        {zones.map((each) => (
          <option key={each.zone} value={each.zone}>
            {each.name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Figures({ view, problem }: { view: NumbersView; problem: string | undefined }) {
  const charts = useMemo(() => chartsOf(view), [view]);
  const isOld = problem !== undefined || seconds.value - view.until > FRESH_MS;
  return (
    <>
      {isOld && (
        <p class="notice warn" role="status">
          These numbers are <Ago at={view.until} /> old. {problem ?? 'They are asked for again.'}
        </p>
      )}
      <p class="small quiet">
        Orders placed since <Time at={view.countedSince ?? view.since} />, by when they were placed;
        counted at <Time at={view.until} />.
        {view.countedSince !== undefined && ' There were more before: only the newest are counted.'}
      </p>
      {view.total.placed === 0 ? (
        <Empty title="No orders in these hours">Choose more hours, or another zone.</Empty>
      ) : (
        <>
          <dl class="tiles">
            {tilesOf(view).map(({ name, value, detail }) => (
              <div key={name} class="card pad">
                <dt>{name}</dt>
                <dd class="num">{value}</dd>
                <dd class="small quiet num">{detail}</dd>
              </div>
            ))}
          </dl>
          <div class="charts">
            {charts.map((chart) => (
              <Chart key={chart.title} {...chart} />
            ))}
          </div>
        </>
      )}
    </>
  );
}
