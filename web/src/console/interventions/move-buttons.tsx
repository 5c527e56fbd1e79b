import type { State } from '../../../../machines/common.ts';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import { useConsole } from '../console-context.tsx';
import { legalMoves, refusedMoves } from './moves.ts';
import { stepIn } from './step-in.ts';
import './interventions.css';

/**
 * What this operator can do to the order now, as buttons; what not, and why not, for whoever asks.
 * @param state the machine's whole state, where it is known: more exact than the view
 */
export function MoveButtons({ order, state }: { order: OrderView; state?: State | undefined }) {
  const { user } = useConsole();
  const me = { role: 'operator', id: user.userId } as const;
  const of = state ?? order;
  return (
    <div class="stack">
      <div class="moves">
        {legalMoves(of, me).map((move) => (
          <button
            key={move.event}
            type="button"
            class={move.danger ? 'button compact danger' : 'button compact'}
            title={move.says}
            onClick={() => stepIn(order, move)}
          >
            {move.label}
          </button>
        ))}
      </div>
      <details>
        <summary class="small quiet">What is not possible now, and why</summary>
        <dl class="why-not">
          {refusedMoves(of, me).map(({ says, why }) => (
            <div key={says}>
              <dt>{says}</dt>
              <dd>{why}</dd>
            </div>
          ))}
        </dl>
      </details>
    </div>
  );
}
