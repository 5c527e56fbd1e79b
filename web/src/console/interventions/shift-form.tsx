import { useEffect, useState } from 'preact/hooks';
import { v7 as newId } from 'uuid';
import { isCallError } from '../../../../src/client/call-error.ts';
import type { DriverView } from '../../../../src/protocol/operators.ts';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import type { ShiftCommandInput } from '../../../../src/protocol/shifts.ts';
import { serverNow } from '../../kit/clock.ts';
import { Failure, Skeleton } from '../../kit/elements.tsx';
import { toast } from '../../kit/toasts.tsx';
import { useConsole } from '../console-context.tsx';
import { stateWord } from '../words.ts';
import { ReasonField, reasonIn } from './reason-field.tsx';
import { consequencesOf, type ShiftMove } from './shift-moves.ts';

const MINUTES = [5, 10, 30, 60];

/** Asks for the reason, tells beforehand what becomes of the work in hand, and afterwards what became. */
export function ShiftForm(props: { driver: DriverView; move: ShiftMove; onDone(): void }) {
  const { driver, move, onDone } = props;
  const { client } = useConsole();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [commandId] = useState(() => newId());
  const inHand = useOrders(driver.orders);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setProblem(undefined);
    try {
      const { state } = await client.http<{ state: string }>(
        'POST',
        `/v1/shifts/${driver.shiftId}/commands`,
        { ...commandOf(move, form), commandId },
      );
      toast(`${driver.name} is now ${stateWord(state)}.`);
      onDone();
    } catch (error) {
      if (!isCallError(error)) throw error;
      setProblem(
        error.code === 'illegal_transition'
          ? `Somebody was first: ${driver.name} is now ${stateWord(String(error.details.state))}.`
          : error.message,
      );
    }
    setBusy(false);
  }

  return (
    <form class="stack" onSubmit={(event) => void submit(event)}>
      <p class="quiet">
        {driver.name}, {stateWord(driver.state)}. {move.says}
      </p>
      {inHand ? (
        <ul class="notice consequences">
          {consequencesOf(move.type, driver, inHand).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      ) : (
        <Skeleton lines={2} />
      )}
      {move.type === 'shift.pause' && (
        <label class="field">
          <span>For how long</span>
          <select class="input" name="minutes" defaultValue="10">
            {MINUTES.map((minutes) => (
              <option key={minutes} value={minutes}>
                {minutes} minutes
              </option>
            ))}
          </select>
        </label>
      )}
      <ReasonField reasons={move.reasons} />
      {problem && <Failure message={problem} />}
      <div class="row">
        <button type="button" class="button push" onClick={onDone}>
          Leave it
        </button>
        <button
          type="submit"
          class={move.danger ? 'button danger' : 'button primary'}
          disabled={busy || !inHand}
        >
          {move.label}
        </button>
      </div>
    </form>
  );
}

/** The orders as they are now; those that cannot be read are left out. */
function useOrders(ids: readonly string[]): OrderView[] | undefined {
  const { client } = useConsole();
  const [orders, setOrders] = useState<OrderView[]>();
  useEffect(() => {
    const reads = ids.map((id) => client.http<OrderView>('GET', `/v1/orders/${id}`));
    void Promise.allSettled(reads).then((answers) =>
      setOrders(answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))),
    );
  }, [ids.join()]);
  return orders;
}

function commandOf({ type }: ShiftMove, form: FormData): ShiftCommandInput {
  const reason = reasonIn(form);
  if (type !== 'shift.pause') return { type, reason };
  return { type, reason, untilAt: Math.round(serverNow() + Number(form.get('minutes')) * 60_000) };
}
