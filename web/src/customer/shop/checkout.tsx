import type { StoreView, ZoneView } from '../../../../src/protocol/catalog.ts';
import { seconds } from '../../kit/clock.ts';
import { toMoney } from '../../kit/format.ts';
import { useCustomer } from '../customer-context.tsx';
import { goodsCents, type Line, linesOf, setQuantity, toOrder } from './basket.ts';
import { DropOff } from './drop-off.tsx';
import { PlacingOutcome } from './placing-outcome.tsx';

/** The basket, where it goes, when, and the button that makes it an order: once. */
export function Checkout({ store, zone }: { store: StoreView; zone: ZoneView }) {
  const { city, placing } = useCustomer();
  const draft = placing.draft.value;
  const { is } = placing.state.value;
  const shelf = city.products(store.storeId).state.value;
  const lines = linesOf(shelf.is === 'here' ? shelf.value : [], draft.baskets[store.storeId]);
  // While nobody knows whether it is an order, nothing that would make it another one is offered.
  const isLocked = is === 'sending' || is === 'unanswered';
  const missing = lines.length === 0 || !draft.dropoff;

  function place(event: SubmitEvent): void {
    event.preventDefault();
    if (!missing) void placing.place(toOrder(store.storeId, placing.draft.peek(), lines));
  }

  return (
    <form id="checkout" class="checkout" aria-label="Your order" onSubmit={place}>
      <fieldset class="stack" disabled={isLocked}>
        <section class="card pad stack">
          <h2>Basket</h2>
          <Basket store={store} zone={zone} lines={lines} />
        </section>

        <section class="card pad stack">
          <h2>Where to</h2>
          <DropOff store={store} zone={zone} />
          <label class="field">
            <span>Address, as you would tell the driver</span>
            <input
              class="input"
              name="address"
              autocomplete="street-address"
              required
              pattern=".*\S.*"
              maxLength={200}
              value={draft.address}
              onInput={(event) => placing.change({ address: event.currentTarget.value })}
            />
          </label>
          <label class="field">
            <span>Note (optional)</span>
            <input
              class="input"
              name="note"
              maxLength={200}
              value={draft.note}
              onInput={(event) => placing.change({ note: event.currentTarget.value })}
            />
          </label>
        </section>

        <section class="card pad stack">
          <h2>When</h2>
          <Schedule />
        </section>
      </fieldset>

      <PlacingOutcome />
      <button
        type="submit"
        class="button primary wide big"
        disabled={missing || isLocked}
        aria-describedby="missing"
      >
        {is === 'sending' ? 'Placing…' : 'Place order'}
        {lines.length > 0 && (
          <span class="num">{toMoney(goodsCents(lines) + zone.feeCents, zone.currency)}</span>
        )}
      </button>
      <p id="missing" class="small quiet hint">
        {lines.length === 0
          ? 'Your basket is empty.'
          : draft.dropoff
            ? ''
            : 'Say on the map where it goes.'}
      </p>
    </form>
  );
}

function Basket(props: { store: StoreView; zone: ZoneView; lines: readonly Line[] }) {
  const { store, zone, lines } = props;
  const { placing } = useCustomer();
  const { currency, feeCents } = zone;
  if (lines.length === 0) return <p class="quiet">What you choose shows up here.</p>;
  return (
    <table class="bill">
      <caption class="sr-only">Basket</caption>
      <tbody>
        {lines.map(({ product, quantity }) => (
          <tr key={product.productId}>
            <td class="num">{quantity} ×</td>
            <th scope="row">{product.name}</th>
            <td class="num">{toMoney(quantity * product.unitCents, currency)}</td>
            <td>
              <button
                type="button"
                class="button plain compact square"
                aria-label={`Take ${product.name} out`}
                onClick={() => setQuantity(placing, store.storeId, product.productId, 0)}
              >
                ×
              </button>
            </td>
          </tr>
        ))}
        <tr class="quiet">
          <td />
          <th scope="row">Delivery</th>
          <td class="num">{toMoney(feeCents, currency)}</td>
          <td />
        </tr>
        <tr class="total">
          <td />
          <th scope="row">Total</th>
          <td class="num">{toMoney(goodsCents(lines) + feeCents, currency)}</td>
          <td />
        </tr>
      </tbody>
    </table>
  );
}

/** Soonest that one may ask for, and furthest. */
const SOONEST_MS = 5 * 60_000;
const FURTHEST_MS = 7 * 86_400_000;

function Schedule() {
  const { placing } = useCustomer();
  const { later } = placing.draft.value;
  const isLater = later !== '';
  // To the minute: the field is not to be drawn anew each second.
  const now = Math.floor(seconds.value / 60_000) * 60_000;
  return (
    <>
      <div class="row">
        <label class="chip">
          <input
            type="radio"
            name="when"
            class="sr-only"
            checked={!isLater}
            onChange={() => placing.change({ later: '' })}
          />
          As soon as possible
        </label>
        <label class="chip">
          <input
            type="radio"
            name="when"
            class="sr-only"
            checked={isLater}
            onChange={() => placing.change({ later: toField(now + 60 * 60_000) })}
          />
          Later
        </label>
      </div>
      {isLater && (
        <label class="field">
          <span>Begin at</span>
          <input
            class="input"
            type="datetime-local"
            required
            value={later}
            min={toField(now + SOONEST_MS)}
            max={toField(now + FURTHEST_MS)}
            onInput={(event) => {
              // Half a date is no date yet; the choice stays.
              if (event.currentTarget.value) placing.change({ later: event.currentTarget.value });
            }}
          />
        </label>
      )}
    </>
  );
}

/** `2026-03-01T18:30`, in the viewer's zone, as the field wants it. @param at epoch ms */
function toField(at: number): string {
  const date = new Date(at);
  return new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
