import type { DriverView } from '../../../../src/protocol/operators.ts';
import { seconds } from '../../kit/clock.ts';
import { Ago } from '../../kit/elements.tsx';
import { toCountdown, toShortId } from '../../kit/format.ts';
import { useConsole } from '../console-context.tsx';
import { legalMoves } from '../interventions/moves.ts';
import { legalShiftMoves } from '../interventions/shift-moves.ts';
import { stepIn, stepIntoShift } from '../interventions/step-in.ts';
import { ZoneName } from '../place-name.tsx';
import { stateWord } from '../words.ts';

/** One driver on duty. @param mean offers an hour of all, to compare with */
export function DriverRow({ driver, mean }: { driver: DriverView; mean: number }) {
  const { state, positionAt, tally, strikes, pausedUntil, startedAt } = driver;
  const answered = tally.accepted + tally.rejected + tally.missed;
  return (
    <tr>
      <th scope="row">
        {driver.name}
        <br />
        <span class="small quiet">
          <ZoneName id={driver.zone} />
        </span>
      </th>
      <td>
        <span class={`badge ${state === 'onDuty.available' ? 'good' : 'warn'}`}>
          {stateWord(state)}
        </span>
        {pausedUntil !== null && (
          <span class="small num"> {toCountdown(pausedUntil - seconds.value)} left</span>
        )}
      </td>
      <td>
        {driver.orders.map((orderId) => (
          <OrderInHand key={orderId} orderId={orderId} />
        ))}
        {driver.offered && <span class="badge info">being asked</span>}
        {driver.orders.length === 0 && !driver.offered && <span class="quiet">–</span>}
      </td>
      <td class="num">
        {positionAt === undefined ? (
          <span class="quiet">none</span>
        ) : (
          <span class={seconds.value - positionAt > 30_000 ? 'badge warn' : ''}>
            <Ago at={positionAt} /> ago
          </span>
        )}
      </td>
      <td
        class="num"
        title={`${tally.accepted} accepted, ${tally.rejected} declined, ${tally.missed} missed`}
      >
        {answered === 0 ? (
          <span class="quiet">–</span>
        ) : (
          <>
            {Math.round((100 * tally.accepted) / answered)} %
            <span class="small quiet"> of {answered}</span>
          </>
        )}
      </td>
      <td class="num">
        {tally.perHour.toFixed(1)}
        <meter
          min={0}
          max={Math.max(2 * mean, 1)}
          value={tally.perHour}
          aria-label={`${driver.name}: offers an hour against twice the average`}
        />
      </td>
      <td class="num">{strikes}</td>
      <td class="num">
        <Ago at={startedAt} />
      </td>
      <td>
        <ShiftButtons driver={driver} />
      </td>
    </tr>
  );
}

/** An order in hand, and the way to take it out of that hand where the machine allows it. */
function OrderInHand({ orderId }: { orderId: string }) {
  const { live, user } = useConsole();
  live.version.value;
  const order = live.orders.get(orderId);
  const release =
    order &&
    legalMoves(order, { role: 'operator', id: user.userId }).find(
      ({ event }) => event === 'order.release',
    );
  return (
    <div class="row in-hand">
      <a class="mono small" href={`/console/orders/${orderId}`}>
        …{toShortId(orderId)}
      </a>
      {order && <span class="small quiet">{stateWord(order.state)}</span>}
      {order && release && (
        <button
          type="button"
          class="button plain compact"
          title={release.says}
          onClick={() => stepIn(order, release)}
        >
          Release
        </button>
      )}
    </div>
  );
}

/** What can be done to the shift now, tried on its machine. */
export function ShiftButtons({ driver }: { driver: DriverView }) {
  const { user } = useConsole();
  return (
    <div class="moves">
      {legalShiftMoves(driver, { role: 'operator', id: user.userId }).map((move) => (
        <button
          key={move.type}
          type="button"
          class={move.danger ? 'button compact danger' : 'button compact'}
          title={move.says}
          onClick={() => stepIntoShift(driver, move)}
        >
          {move.label}
        </button>
      ))}
    </div>
  );
}
