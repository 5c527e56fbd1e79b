import { useState } from 'preact/hooks';
import { Skeleton } from '../../kit/elements.tsx';
import { Deck } from '../deck.tsx';
import type { Desk } from '../state/desk.ts';
import { isTapped } from '../state/outbox.ts';

const KEY = 'waybill-zone';

/** Where to work, and the way in. */
export function OffDuty({ desk }: { desk: Desk }) {
  const places = desk.places.value;
  const [chosen, setChosen] = useState(localStorage.getItem(KEY) ?? '');
  if (!places) return <Skeleton lines={4} />;
  const zone = places.zones.some((each) => each.zone === chosen) ? chosen : undefined;
  const isStarting = isTapped(desk.outbox, 'shift:start');
  return (
    <form
      class="screen"
      onSubmit={(event) => {
        event.preventDefault();
        if (!zone || isStarting) return;
        localStorage.setItem(KEY, zone);
        // This tap lets the page ring, and ask where it is.
        desk.bell.unlock();
        desk.position.start();
        desk.outbox.send({ to: 'shift', name: 'shift:start', zone });
      }}
    >
      <fieldset class="zones">
        <legend>Where do you work today?</legend>
        {places.zones.map((each) => (
          <label key={each.zone} class="choice card">
            <input
              type="radio"
              name="zone"
              checked={each.zone === chosen}
              onChange={() => setChosen(each.zone)}
            />
            {each.name}
          </label>
        ))}
        {places.zones.length === 0 && <p>There is no zone to work in yet.</p>}
      </fieldset>
      <Deck desk={desk}>
        <p class="quiet">
          Offers ring here while this page is open. It asks where you are to find the near ones.
        </p>
        <button type="submit" class="button primary huge wide" disabled={!zone || isStarting}>
          {isStarting ? 'Starting…' : 'Start shift'}
        </button>
      </Deck>
    </form>
  );
}
