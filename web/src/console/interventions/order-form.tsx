import { useEffect, useState } from 'preact/hooks';
import type { MovedOn, OrderCommandInput } from '../../../../src/protocol/commands.ts';
import type { OrderRecord } from '../../../../src/protocol/operators.ts';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import { toShortId } from '../../kit/format.ts';
import { toast } from '../../kit/toasts.tsx';
import { useConsole } from '../console-context.tsx';
import { eventWord, stateWord } from '../words.ts';
import { ChooseDriver } from './choose-driver.tsx';
import { MoveFrame } from './move-frame.tsx';
import { legalMoves, type Move, whyNot } from './moves.ts';
import { isOver } from './order-state.ts';
import { sendMove, unlessAway } from './send-move.ts';
import type { Preset } from './step-in.ts';

/** Asks for what a move needs, sends it on the picture the operator saw, tells what became of it. */
export function OrderForm(props: {
  order: OrderView;
  move: Move;
  preset?: Preset;
  onDone(): void;
}) {
  const { move, preset = {}, onDone } = props;
  const { client, user } = useConsole();
  const me = { role: 'operator', id: user.userId } as const;
  /** The picture that the move is decided on: renewed only when the operator was told of the change. */
  const [order, setOrder] = useState(props.order);
  const [driverId, setDriverId] = useState(preset.driverId);
  const [beaten, setBeaten] = useState<MovedOn>();
  const isLegal = legalMoves(order, me).some(({ event }) => event === move.event);

  async function tellBeaten(by: MovedOn): Promise<void> {
    setBeaten(by);
    const read = client.http<OrderView>('GET', `/v1/orders/${order.orderId}`);
    setOrder((await unlessAway(read)) ?? { ...order, seq: by.seq, state: by.state });
  }
  useMeanwhile(order, (by) => void tellBeaten(by));

  return (
    <MoveFrame
      about="order"
      {...{ move, beaten, onDone }}
      says={
        <>
          Order <span class="mono">…{toShortId(order.orderId)}</span>, {stateWord(order.state)}.{' '}
          {move.says}
        </>
      }
      whyNot={isLegal ? undefined : whyNot(move.event, order)}
      isReady={!move.inputs.includes('driver') || driverId !== undefined}
      onSend={(form, reason) =>
        sendMove(order, (ifSeq) =>
          client.command(order.orderId, commandOf(move, form, reason), { ifSeq }),
        )
      }
      onTaken={({ seq, state }) =>
        toast(
          `…${toShortId(order.orderId)}: ${eventWord(move.event)}. Now ${stateWord(state)}, step #${seq} of its history.`,
        )
      }
      onBeaten={tellBeaten}
    >
      {move.inputs.includes('driver') && (
        <ChooseDriver
          order={order}
          forOffer={move.type === 'order.offer'}
          chosen={driverId}
          onChoose={setDriverId}
        />
      )}
      {move.inputs.includes('offeredDriver') && (
        <OfferedDriver order={order} chosen={driverId ?? order.offers?.[0]?.driverId} />
      )}
      {move.inputs.includes('search') && <SearchInputs widenMeters={preset.widenMeters ?? 0} />}
    </MoveFrame>
  );
}

/** While someone writes a reason, somebody else may act: then they are told at once, and by whom. */
function useMeanwhile(order: OrderView, onMeanwhile: (by: MovedOn) => void): void {
  const { client, live } = useConsole();
  live.version.value;
  const now = live.orders.get(order.orderId);
  const isGone = live.loaded.value && now === undefined && !isOver(order);
  const isElsewhere = now !== undefined && now.seq > order.seq && now.state !== order.state;
  const { orderId, seq } = order;
  useEffect(() => {
    if (!isGone && !isElsewhere) return;
    client
      .http<OrderRecord>('GET', `/v1/ops/orders/${orderId}/record`)
      .then((record) => {
        const by = movedOnOf(record, seq);
        if (by) onMeanwhile(by);
      })
      // Out of reach: whoever sends the move is told then.
      .catch(() => {});
  }, [isGone, isElsewhere, orderId, seq]);
}

function movedOnOf({ steps, names }: OrderRecord, seq: number): MovedOn | undefined {
  const last = steps.at(-1);
  const since = steps.filter((step) => step.seq > seq);
  if (!last || since.length === 0) return undefined;
  return {
    ...{ seq: last.seq, state: last.to },
    steps: since.map(({ seq, at, event }) => {
      const name = names[event.by.id];
      return {
        ...{ seq, at, type: event.type },
        by: { role: event.by.role, id: event.by.id, ...(name !== undefined && { name }) },
      };
    }),
  };
}

function OfferedDriver({ order, chosen }: { order: OrderView; chosen: string | undefined }) {
  const { names } = useConsole();
  const offers = order.offers ?? [];
  return (
    <label class="field">
      <span>Whose offer</span>
      <select class="input" name="driverId">
        {offers.map(({ driverId }) => (
          <option key={driverId} value={driverId} selected={driverId === chosen}>
            {names.of(driverId)}
          </option>
        ))}
      </select>
    </label>
  );
}

const REACHES: [meters: number, says: string][] = [
  [0, 'As far as before'],
  [3_000, '3 km wider'],
  [10_000, '10 km wider'],
];

function SearchInputs({ widenMeters }: { widenMeters: number }) {
  return (
    <fieldset class="stack">
      <legend>How far, and whom</legend>
      {REACHES.map(([meters, says]) => (
        <label key={meters} class="row">
          <input
            type="radio"
            name="widenMeters"
            value={meters}
            defaultChecked={meters === widenMeters}
          />{' '}
          {says}
        </label>
      ))}
      <label class="row">
        <input type="checkbox" name="clearExcluded" /> Ask those again who declined or missed it
      </label>
    </fieldset>
  );
}

function commandOf(move: Move, form: FormData, reason: string): OrderCommandInput {
  const widenMeters = Number(form.get('widenMeters') ?? 0);
  const driverId = form.get('driverId');
  return {
    type: move.type,
    reason,
    ...(typeof driverId === 'string' && { driverId }),
    ...(move.inputs.includes('search') && {
      ...(widenMeters > 0 && { widenMeters }),
      ...(form.has('clearExcluded') && { clearExcluded: true }),
    }),
  } as OrderCommandInput;
}
