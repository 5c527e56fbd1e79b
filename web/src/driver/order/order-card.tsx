import { useState } from 'preact/hooks';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import { seconds } from '../../kit/clock.ts';
import { Time } from '../../kit/elements.tsx';
import { toCount, toDistance, toDuration, toMoney } from '../../kit/format.ts';
import { metersBetween } from '../../kit/meters-between.ts';
import { Deck } from '../deck.tsx';
import { ReasonSheet } from '../reason-sheet.tsx';
import { Sketch } from '../sketch.tsx';
import type { Desk } from '../state/desk.ts';
import { wayTo } from '../way.ts';
import { FAIL_REASONS, RELEASE_REASONS } from '../words.ts';
import { lastTap, nextStep, type Step } from './next-step.ts';
import { PinEntry } from './pin-entry.tsx';
import { Progress } from './progress.tsx';

interface Props {
  desk: Desk;
  order: OrderView;
}

/** One order, at the step it is at: where to, what to know, and the one thing to tap next. */
export function OrderCard({ desk, order }: Props) {
  const [isLeaving, setLeaving] = useState(false);
  const taps = desk.outbox.waiting.value;
  const step = nextStep(order, taps);
  if (!step) return null;
  const last = lastTap(order, taps);
  const send = (command: Parameters<typeof sendOf>[2]) => sendOf(desk, order, command);
  return (
    <article class="order" aria-label={step.title}>
      <Progress step={step} />
      <Whereto desk={desk} order={order} step={step} />
      <Contents order={order} />
      <Deck desk={desk}>
        {step.out && !last && (
          <button type="button" class="button big wide" onClick={() => setLeaving(true)}>
            {step.out === 'order.fail' ? 'Cannot deliver' : 'Give it back'}
          </button>
        )}
        {step.next && (
          <button
            type="button"
            class="button primary huge wide"
            disabled={last !== undefined}
            onClick={() => step.next && send({ type: step.next.type })}
          >
            {last ? 'Waiting for the answer…' : step.next.label}
          </button>
        )}
        {step.leg === 'atDoor' && (
          <PinEntry
            refused={desk.wrongPins.value.get(order.orderId)}
            isWaiting={last === 'order.deliver'}
            onPin={(pin) => send({ type: 'order.deliver', pin })}
          />
        )}
      </Deck>
      {isLeaving && step.out === 'order.fail' && (
        <ReasonSheet
          title="Why can it not be delivered?"
          says="It goes back to the store, and the customer is told why."
          reasons={FAIL_REASONS}
          onReason={(reason) => send({ type: 'order.fail', reason })}
          onClose={() => setLeaving(false)}
        />
      )}
      {isLeaving && step.out === 'order.release' && (
        <ReasonSheet
          title="Why do you give it back?"
          says="Another driver is looked for; this order will not be offered to you again."
          reasons={RELEASE_REASONS}
          onReason={(reason) => send({ type: 'order.release', reason })}
          onClose={() => setLeaving(false)}
        />
      )}
    </article>
  );
}

const sendOf = (
  desk: Desk,
  { orderId }: OrderView,
  command: Extract<Parameters<Desk['outbox']['send']>[0], { to: 'order' }>['command'],
) => desk.outbox.send({ to: 'order', orderId, command });

function Whereto({ desk, order, step }: Props & { step: Step }) {
  const here = desk.position.whereabouts.value;
  const me = here.is === 'known' ? here.point : undefined;
  const to = step.place === 'store' ? order.pickup : order.dropoff;
  const store = desk.places.value?.stores.get(order.storeId)?.name ?? 'The store';
  const leftMs = order.promisedAt - seconds.value;
  return (
    <section class="whereto">
      <h2>{step.title}</h2>
      <p class="place">{step.place === 'store' ? store : (order.address ?? 'The door')}</p>
      {step.place === 'door' && order.note && <p class="notice">“{order.note}”</p>}
      {step.leg === 'atStore' && (
        <p class={order.storeReadyAt === undefined ? 'notice warn' : 'notice good'}>
          {order.storeReadyAt === undefined ? 'The store is still packing.' : 'Packed and ready.'}
        </p>
      )}
      <p class="row">
        <a class="button big" href={wayTo(to)}>
          Find the way
        </a>
        {me && <span class="num quiet">{toDistance(metersBetween(me, to))} from you</span>}
      </p>
      <Sketch
        pickup={order.pickup}
        dropoff={order.dropoff}
        isRough={false}
        to={step.place}
        {...(me ? { me } : {})}
      />
      {step.leg !== 'back' && (
        <p class={`promise num ${order.health}`}>
          Promised by <Time at={order.promisedAt} />
          {leftMs > 0 ? `, ${toDuration(leftMs)} left` : `, ${toDuration(-leftMs)} late`}
        </p>
      )}
    </section>
  );
}

/** What is in the bags, and what it is worth to the driver. */
function Contents({ order }: { order: OrderView }) {
  return (
    <details class="contents card">
      <summary>
        {toCount(order.itemCount, 'item')}
        {order.payCents !== undefined && (
          <span class="push num">
            <span class="sr-only">Pay: </span>
            {toMoney(order.payCents, order.currency)}
          </span>
        )}
      </summary>
      <ul>
        {order.items?.map(({ productId, name, quantity }) => (
          <li key={productId} class="row">
            <span class="num">{quantity} ×</span> {name}
          </li>
        ))}
      </ul>
    </details>
  );
}
