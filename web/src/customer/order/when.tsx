import { seconds } from '../../kit/clock.ts';
import { Time } from '../../kit/elements.tsx';
import { toDuration } from '../../kit/format.ts';
import { isOver, tellWhen } from './order-story.ts';

export interface Times {
  state: string;
  health: 'onTime' | 'atRisk' | 'late';
  searchAt?: number;
  etaAt: number;
  promisedAt: number;
}

/** When it comes: what we think now, and what we promised. */
export function When({ order }: { order: Times }) {
  const note = tellWhen(order, seconds.value);
  if (isOver(order.state) || order.state === 'failed' || order.state === 'returning') return null;
  const left = order.etaAt - seconds.value;
  return (
    <div class="when">
      <dl>
        <div>
          <dt>Expected</dt>
          <dd class="num">
            <Time at={order.etaAt} />
            <span class="quiet small">
              {left > 0 ? `in ${toDuration(rounded(left))}` : 'any moment'}
            </span>
          </dd>
        </div>
        <div>
          <dt>Promised by</dt>
          <dd class="num">
            <Time at={order.promisedAt} />
          </dd>
        </div>
        {order.state === 'scheduled' && order.searchAt !== undefined && (
          <div>
            <dt>We start at</dt>
            <dd class="num">
              <Time at={order.searchAt} />
            </dd>
          </div>
        )}
      </dl>
      {note && <p class={`notice ${order.health === 'onTime' ? '' : 'warn'}`}>{note}</p>}
    </div>
  );
}

/** Minutes are as exact as an estimate is. */
const rounded = (ms: number) => (ms < 90_000 ? ms : Math.round(ms / 60_000) * 60_000);
