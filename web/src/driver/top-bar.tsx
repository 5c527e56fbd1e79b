import { useState } from 'preact/hooks';
import { LinkState } from '../kit/link-state.tsx';
import type { BrowserSession } from '../kit/session.ts';
import { type Theme, theme } from '../kit/theme.ts';
import { offerToInstall } from './install.ts';
import { Sheet } from './sheet.tsx';
import { EndShift } from './shift/end-shift.tsx';
import { Facts } from './shift/facts.tsx';
import type { Desk } from './state/desk.ts';

const THEMES: Record<Theme, string> = { system: 'As the phone', light: 'Light', dark: 'Dark' };

/** Who and what, how fresh it is, and the way to everything that is seldom needed. */
export function TopBar(props: { desk: Desk; session: BrowserSession; name: string }) {
  const { desk, session, name } = props;
  const [open, setOpen] = useState<'more' | 'end'>();
  const shift = desk.shift.value;
  const install = offerToInstall.value;
  const close = () => setOpen(undefined);
  return (
    <header class="top-bar">
      <h1>{shift ? titleOf(shift.state) : 'Waybill for drivers'}</h1>
      <LinkState link={session.link} />
      <button type="button" class="button more" onClick={() => setOpen('more')}>
        More
      </button>
      {open === 'more' && (
        <Sheet title={name} onClose={close}>
          {shift && <Facts desk={desk} shift={shift} />}
          {shift?.state === 'onDuty.available' && (
            <ShiftTap desk={desk} name="shift:break" label="Take a break" onDone={close} />
          )}
          {shift?.state === 'onDuty.onBreak' && (
            <ShiftTap desk={desk} name="shift:resume" label="Back to work" onDone={close} />
          )}
          {shift && (
            <button type="button" class="button big wide danger" onClick={() => setOpen('end')}>
              End shift
            </button>
          )}
          {install && (
            <button type="button" class="button big wide" onClick={install}>
              Put on the home screen
            </button>
          )}
          <fieldset class="themes">
            <legend>Colours</legend>
            {(Object.keys(THEMES) as Theme[]).map((each) => (
              <label key={each} class="choice">
                <input
                  type="radio"
                  name="theme"
                  checked={theme.value === each}
                  onChange={() => {
                    theme.value = each;
                  }}
                />
                {THEMES[each]}
              </label>
            ))}
          </fieldset>
          <button type="button" class="button big wide" onClick={() => void session.signOut()}>
            Sign out
          </button>
        </Sheet>
      )}
      {open === 'end' && <EndShift desk={desk} onClose={close} />}
    </header>
  );
}

function ShiftTap(props: {
  desk: Desk;
  name: 'shift:break' | 'shift:resume';
  label: string;
  onDone(): void;
}) {
  return (
    <button
      type="button"
      class="button big wide"
      onClick={() => {
        props.desk.outbox.send({ to: 'shift', name: props.name });
        props.onDone();
      }}
    >
      {props.label}
    </button>
  );
}

function titleOf(state: string): string {
  switch (state) {
    case 'onDuty.onBreak':
      return 'On a break';
    case 'onDuty.paused':
      return 'Paused';
    default:
      return 'On shift';
  }
}
