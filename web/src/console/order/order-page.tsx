import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { OrderEventType } from '../../../../machines/order-types.ts';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import { Empty, Failure, Skeleton } from '../../kit/elements.tsx';
import { toCount } from '../../kit/format.ts';
import { OrderChart } from '../chart/order-chart.tsx';
import { useConsole } from '../console-context.tsx';
import { legalMoves, moveOf } from '../interventions/moves.ts';
import { stepIn } from '../interventions/step-in.ts';
import { useShortcuts } from '../keyboard.ts';
import { Fields } from './fields.tsx';
import { OfferLadder } from './offer-ladder.tsx';
import { OrderHead } from './order-head.tsx';
import { type Moment, offersIn, replay } from './replay.ts';
import { SketchMap } from './sketch-map.tsx';
import { TimeTravel } from './time-travel.tsx';
import { Timeline } from './timeline.tsx';
import { useOrder } from './use-order.ts';
import { useRecord } from './use-record.ts';
import { tryEvent } from './what-if.ts';
import { WhatIfPanel } from './what-if-panel.tsx';
import './order.css';

/** Everything about one order: what it is, what it was at any step, what it could become. */
export default function OrderPage({ id }: { id: string }) {
  const { order, driverAt, isStale, lost } = useOrder(id);
  const { record, problem, retry } = useRecord(id, order?.seq);
  const moments = useMemo(() => (record ? replay(record) : []), [record]);
  if (lost !== undefined) {
    return (
      <Empty title="This order cannot be shown">
        {lost}. <a href="/console/board">All orders</a>
      </Empty>
    );
  }
  if (problem && !record) {
    return (
      <div class="pad">
        <Failure message={problem.message} onRetry={retry} />
      </div>
    );
  }
  if (!order || !record) return <Skeleton lines={10} />;
  const state = moments.at(-1)?.seq === order.seq ? moments.at(-1)?.state : undefined;
  return (
    <div class="order-page">
      <OrderHead {...{ order, state, isStale }} />
      {moments.length < record.steps.length && (
        <p class="notice warn">
          This console knows another version of the machine: it can show {moments.length} of{' '}
          {toCount(record.steps.length, 'step')}. Load the page anew.
        </p>
      )}
      <Story {...{ order, moments }} sketch={<SketchMap {...{ order, driverAt }} />} />
    </div>
  );
}

/** The order at one of its steps, or at what might come after it. */
function Story(props: { order: OrderView; moments: readonly Moment[]; sketch: ComponentChildren }) {
  const { order, moments, sketch } = props;
  const { user } = useConsole();
  const { route } = useLocation();
  /** Undefined: now, and on with it as it moves. */
  const [past, setPast] = useState<number>();
  const [tried, setTried] = useState<readonly Moment[]>([]);
  const last = moments.at(-1)?.seq ?? 0;
  const seq = past ?? last;
  const shown = moments.slice(0, seq);
  // What was tried from a step that has become the past is not what would happen now.
  useEffect(() => setTried([]), [seq]);
  useShortcuts('Order', [
    { key: 'Escape', says: 'Back to the board', run: () => route('/console/board') },
  ]);

  const moment = tried.at(-1) ?? shown.at(-1);
  if (!moment) return <Empty title="Nothing is known of its steps" />;
  const isNow = past === undefined;
  const isReal = tried.length === 0;
  const all = [...shown, ...tried];
  const me = { role: 'operator', id: user.userId } as const;
  const travel = (to: number) => setPast(to >= last ? undefined : to);
  const attempt = (type: OrderEventType, by: Moment['event']['by']) => {
    const next = tryEvent(moment, type, by);
    if (next) setTried([...tried, next]);
  };
  return (
    <>
      <TimeTravel {...{ moments, seq }} onTravel={travel} />
      <div class={`order-grid ${isReal ? '' : 'what-if'} ${isNow ? '' : 'past'}`}>
        <div class="stack">
          <ChartOf
            state={moment.to}
            taken={all.map(({ event, from, to }) => ({
              ...{ type: event.type as OrderEventType, from, to },
            }))}
            moves={isNow && isReal ? legalMoves(moment.state, me) : []}
            onMove={(event) => {
              const move = moveOf(event);
              if (move) stepIn(order, move);
            }}
          />
          <section class="card pad stack" aria-labelledby="what-if">
            <h2 id="what-if">What if</h2>
            <WhatIfPanel
              {...{ moment, tried }}
              onTry={attempt}
              onUndo={() => setTried(tried.slice(0, -1))}
              onReset={() => setTried([])}
            />
          </section>
        </div>
        <div class="stack">
          <section class="card pad stack fields-of" aria-labelledby="fields">
            <h2 id="fields">
              {isReal ? (isNow ? 'How it is' : `How it was at #${seq}`) : 'How it would be'}
            </h2>
            <Fields moment={moment} before={all.at(-2)} />
          </section>
          <section class="card pad stack" aria-labelledby="where">
            <h2 id="where">Where</h2>
            {sketch}
          </section>
        </div>
        <div class="stack">
          <section class="card pad stack" aria-labelledby="offers">
            <h2 id="offers">Offers</h2>
            <OfferLadder offers={offersIn(all)} isNow={isNow && isReal} />
          </section>
          <section class="card pad stack" aria-labelledby="happened">
            <h2 id="happened">What happened</h2>
            <Timeline {...{ moments, seq }} onTravel={travel} />
          </section>
        </div>
      </div>
    </>
  );
}

/** The chart, moved so that the state the order is in can be seen. */
function ChartOf(props: Parameters<typeof OrderChart>[0]) {
  const frame = useRef<HTMLElement>(null);
  useEffect(() => {
    const scroll = frame.current?.querySelector('.scroll');
    const current = frame.current?.querySelector('.state.current');
    if (!scroll || !current) return;
    const [room, box] = [scroll.getBoundingClientRect(), current.getBoundingClientRect()];
    scroll.scrollBy({
      left: box.left + box.width / 2 - room.left - room.width / 2,
      top: box.top + box.height / 2 - room.top - room.height / 2,
    });
  }, [props.state]);
  return (
    <section ref={frame} class="card chart-of-order" aria-label="On the machine’s chart">
      <OrderChart {...props} />
    </section>
  );
}
