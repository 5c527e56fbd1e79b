import type { ComponentChildren } from 'preact';
import { contextOf } from '../../../../machines/order-readers.ts';
import type { OrderContext } from '../../../../machines/order-types.ts';
import { toDistance, toExactTime } from '../../kit/format.ts';
import { useConsole } from '../console-context.tsx';
import type { Names } from '../state/names.ts';
import { stateWord } from '../words.ts';
import { REASONS } from './offer-words.ts';
import type { Moment } from './replay.ts';
import { whoDid } from './who-did.ts';

/** What the order knew at a moment; what its last step changed is marked. */
export function Fields({ moment, before }: { moment: Moment; before: Moment | undefined }) {
  const { names } = useConsole();
  const now = fieldsOf(moment, names);
  const then = before ? new Map(fieldsOf(before, names)) : undefined;
  return (
    <dl class="fields">
      {now.map(([name, value]) => {
        const isChanged = then !== undefined && then.get(name) !== value;
        return (
          <div key={name} class={isChanged ? 'changed' : ''}>
            <dt>{name}</dt>
            <dd class="num">
              {value}
              {isChanged && <Was>{then.get(name)}</Was>}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

const Was = ({ children }: { children: ComponentChildren }) => (
  <span class="small quiet"> was {children}</span>
);

const NONE = '–';
const at = (instant: number | null | undefined): string =>
  instant === null || instant === undefined ? NONE : toExactTime(instant);
const list = (items: readonly string[]): string => (items.length > 0 ? items.join(', ') : NONE);

function fieldsOf({ state, to }: Moment, names: Names): [name: string, value: string][] {
  const of: OrderContext = contextOf(state);
  const { search, assignment, ending } = of;
  return [
    ['State', stateWord(to)],
    ['Health', { onTime: 'on time', atRisk: 'at risk', late: 'late' }[of.health]],
    ['Driver', assignment ? driverOf(assignment, names) : NONE],
    ['Given back at', at(assignment?.releaseAt)],
    ['Open offers', list(of.offers.map(({ driverId }) => names.of(driverId)))],
    ['Search', search ? `${search.misses} missed, until ${at(search.giveUpAt)}` : NONE],
    ['Wider by', search && search.widenMeters > 0 ? toDistance(search.widenMeters) : NONE],
    ['Not asked again', list(of.excluded.map((id) => names.of(id)))],
    ['Phones not reached', list(Object.keys(of.unreached).map((id) => names.of(id)))],
    ['Bags packed', at(of.storeReadyAt)],
    ['Picked up', at(of.pickedUpAt)],
    ['Wrong PINs', String(of.pinFailures)],
    ['Stands still from', at(of.stallAt)],
    ['Alarms', list(of.alarms)],
    ['Promised', at(of.promisedAt)],
    [
      'Ended',
      ending
        ? `${REASONS[ending.reason] ?? ending.reason}, by ${whoDid(ending.by, names)}, ${at(ending.at)}`
        : NONE,
    ],
  ];
}

const driverOf = (
  { driverId, forced, lostAt }: NonNullable<OrderContext['assignment']>,
  names: Names,
): string =>
  `${names.of(driverId)}${forced ? ', assigned by hand' : ''}${lostAt === undefined ? '' : ', lost'}`;
