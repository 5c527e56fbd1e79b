import type { Desk } from '../state/desk.ts';

/** While the phone does not say where it is: what does not work for that, and what helps. */
export function LocationHelp({ position }: Pick<Desk, 'position'>) {
  const { is } = position.whereabouts.value;
  if (is !== 'denied' && is !== 'unknown') return null;
  return (
    <section class="notice bad stack location-help" role="alert">
      <p>
        <strong>
          {is === 'denied' ? 'Your location is blocked.' : 'Your location is not known.'}
        </strong>{' '}
        No offers can find you, and customers do not see you come.
      </p>
      <p class="small">
        {is === 'denied'
          ? 'Touch the sign before the address above, then Permissions, and allow Location. Installed as an app: allow it in the phone’s settings, under Apps. This page goes on by itself.'
          : 'Switch location on in the phone’s settings, and step outside if you are in a basement.'}
      </p>
      <button type="button" class="button compact" onClick={position.again}>
        Try again
      </button>
    </section>
  );
}
