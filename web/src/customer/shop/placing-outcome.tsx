import { useCustomer } from '../customer-context.tsx';
import { explain } from '../explain.ts';

/** What became of the attempt to place the order, and the way on. */
export function PlacingOutcome() {
  const { placing } = useCustomer();
  const { value } = placing.state;
  switch (value.is) {
    case 'idle':
    case 'sending':
      return null;
    case 'refused':
      return (
        <p class="notice bad" role="alert">
          {explain(value.error)}
        </p>
      );
    case 'unanswered':
      return (
        <div class="notice warn stack" role="alert">
          <p>
            {explain(value.error)} We do not know yet whether your order was placed. Trying again
            makes no second one.
          </p>
          <div class="row">
            <button
              type="button"
              class="button primary compact"
              onClick={() => void placing.again()}
            >
              Try again
            </button>
            <button type="button" class="button compact" onClick={placing.giveUp}>
              Change it
            </button>
            <a href="/orders">My orders</a>
          </div>
        </div>
      );
  }
}
