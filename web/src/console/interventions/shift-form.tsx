import { useEffect, useState } from 'preact/hooks';
import { v7 as newId } from 'uuid';
import type { CommandAnswer, MovedOn } from '../../../../src/protocol/commands.ts';
import type { DriverView } from '../../../../src/protocol/operators.ts';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import type { ShiftCommandInput } from '../../../../src/protocol/shifts.ts';
import { serverNow } from '../../kit/clock.ts';
import { Skeleton } from '../../kit/elements.tsx';
import { toast } from '../../kit/toasts.tsx';
import { useConsole } from '../console-context.tsx';
import { stateWord } from '../words.ts';
import { MoveFrame } from './move-frame.tsx';
import { sendMove, unlessAway } from './send-move.ts';
import { consequencesOf, legalShiftMoves, type ShiftMove } from './shift-moves.ts';

const MINUTES = [5, 10, 30, 60];
const USUAL_MINUTES = 10;

/** Tells beforehand what becomes of the work in hand, asks why, and tells afterwards what became of it. */
export function ShiftForm(props: { driver: DriverView; move: ShiftMove; onDone(): void }) {
  const { move, onDone } = props;
  const { client, user } = useConsole();
  /** The picture that the move is decided on: renewed only when the operator was told of the change. */
  const [driver, setDriver] = useState(props.driver);
  const [beaten, setBeaten] = useState<MovedOn>();
  const inHand = useOrders(driver.orders);
  const me = { role: 'operator', id: user.userId } as const;
  const isLegal = legalShiftMoves(driver, me).some(({ type }) => type === move.type);

  async function tellBeaten(by: MovedOn): Promise<void> {
    setBeaten(by);
    const read = client.http<{ drivers: DriverView[] }>(
      ...(['GET', `/v1/ops/fleet?zone=${encodeURIComponent(driver.zone)}`] as const),
    );
    const fleet = await unlessAway(read);
    const now = fleet?.drivers.find(({ shiftId }) => shiftId === driver.shiftId);
    // Who is not on the list any more has gone off duty.
    setDriver(now ?? { ...driver, seq: by.seq, state: by.state });
  }

  return (
    <MoveFrame
      about="shift"
      {...{ move, beaten, onDone }}
      says={
        <>
          {driver.name}, {stateWord(driver.state)}. {move.says}
        </>
      }
      whyNot={isLegal ? undefined : `Not while ${driver.name} is ${stateWord(driver.state)}.`}
      isReady={inHand !== undefined}
      onSend={(form, reason) =>
        sendMove(driver, (ifSeq) =>
          client.http<CommandAnswer>('POST', `/v1/shifts/${driver.shiftId}/commands`, {
            ...{ ...commandOf(move, form, reason), commandId: newId(), ifSeq },
          }),
        )
      }
      onTaken={({ state }) => toast(`${driver.name} is now ${stateWord(state)}.`)}
      onBeaten={tellBeaten}
    >
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
          <select class="input" name="minutes">
            {MINUTES.map((minutes) => (
              <option key={minutes} value={minutes} selected={minutes === USUAL_MINUTES}>
                {minutes} minutes
              </option>
            ))}
          </select>
        </label>
      )}
    </MoveFrame>
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

function commandOf({ type }: ShiftMove, form: FormData, reason: string): ShiftCommandInput {
  if (type !== 'shift.pause') return { type, reason };
  return { type, reason, untilAt: Math.round(serverNow() + Number(form.get('minutes')) * 60_000) };
}
