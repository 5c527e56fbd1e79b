import { useCustomer } from '../customer-context.tsx';
import type { Places } from '../state/city.ts';

/** The stores, by the part of town they deliver in. */
export function StorePicker({ places, chosen }: { places: Places; chosen: string }) {
  const { placing } = useCustomer();
  return (
    <fieldset class="stores">
      <legend class="sr-only">Store</legend>
      {places.zones.map(({ zone, name }) => (
        <div key={zone} class="zone">
          <span class="small quiet">{name}</span>
          <div class="row">
            {places.stores
              .filter((store) => store.zone === zone)
              .map((store) => (
                <label key={store.storeId} class="chip">
                  <input
                    type="radio"
                    name="store"
                    class="sr-only"
                    checked={store.storeId === chosen}
                    onChange={() => placing.change({ storeId: store.storeId })}
                  />
                  {store.name}
                </label>
              ))}
          </div>
        </div>
      ))}
    </fieldset>
  );
}
