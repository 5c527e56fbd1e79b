import { computed } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { exec } from 'preact-iso/router';
import { Empty } from '../kit/elements.tsx';
import { SignOut } from '../kit/sign-out.tsx';
import { ThemeSwitch } from '../kit/theme-switch.tsx';
import { useConsole } from './console-context.tsx';
import { StepInDialog } from './interventions/step-in-dialog.tsx';
import { useShortcuts } from './keyboard.ts';
import { KeyboardHelp } from './keyboard-help.tsx';
import { lazyPage } from './lazy-page.tsx';
import { useAlarmSound } from './state/alarm-sound.ts';
import { useTakenOver } from './state/taken-over.ts';
import { TrustLine } from './trust-line.tsx';

/** In the order of the navigation; the number is their key. */
const NAVIGATION = [
  ['/console', 'Chart'],
  ['/console/board', 'Board'],
  ['/console/rescue', 'Rescue'],
  ['/console/fleet', 'Fleet'],
  ['/console/map', 'Map'],
  ['/console/numbers', 'Numbers'],
] as const;

const PAGES: [pattern: string, page: FunctionComponent<{ id: string }>][] = [
  ['/console', lazyPage(() => import('./chart/chart-page.tsx'))],
  ['/console/board', lazyPage(() => import('./board/board-page.tsx'))],
  ['/console/rescue', lazyPage(() => import('./rescue/rescue-page.tsx'))],
  ['/console/orders/:id', lazyPage(() => import('./order/order-page.tsx'))],
  ['/console/fleet', lazyPage(() => import('./fleet/fleet-page.tsx'))],
  ['/console/map', lazyPage(() => import('./map/map-page.tsx'))],
  ['/console/numbers', lazyPage(() => import('./numbers/numbers-page.tsx'))],
];

/** What is around every page: where one can go, and whether what is shown can be relied on. */
export function Shell() {
  const { live, session, user } = useConsole();
  const { path, route } = useLocation();
  const [isHelping, setIsHelping] = useState(false);
  useTitle();
  useAlarmSound();
  useTakenOver();
  useShortcuts('Everywhere', [
    ...NAVIGATION.map(([to, name], index) => ({
      ...{ key: String(index + 1), says: name, run: () => route(to) },
    })),
    { key: '?', says: 'This help', run: () => setIsHelping(true) },
  ]);

  return (
    <>
      <a class="skip" href="#page">
        Skip to the page
      </a>
      <header class="shell">
        <a class="brand" href="/console">
          Waybill
        </a>
        <nav class="pages" aria-label="Pages">
          {NAVIGATION.map(([to, name]) => (
            <a key={to} href={to} {...(path === to && { 'aria-current': 'page' as const })}>
              {name}
              {name === 'Rescue' && <RescueCount />}
            </a>
          ))}
        </nav>
        <TrustLine />
        <div class="own row">
          <ThemeSwitch />
          <button
            type="button"
            class="button compact square"
            aria-label="Keyboard help"
            onClick={() => setIsHelping(true)}
          >
            ?
          </button>
          <SignOut session={session} user={user} />
        </div>
      </header>
      <main id="page" tabIndex={-1} class={live.trust.value.state === 'live' ? 'live' : 'not-live'}>
        <Page path={path} />
      </main>
      <StepInDialog />
      {isHelping && <KeyboardHelp onClose={() => setIsHelping(false)} />}
    </>
  );
}

function Page({ path }: { path: string }) {
  for (const [pattern, Component] of PAGES) {
    const found = exec(path, pattern) as ReturnType<typeof exec> | undefined;
    if (!found) continue;
    const { id = '' } = found.params;
    // Of another order nothing is kept.
    return <Component key={`${pattern} ${id}`} id={id} />;
  }
  return (
    <Empty title="There is no such page">
      <a href="/console">To the chart</a>
    </Empty>
  );
}

/** Orders in the rescue lane: there is always room for the number. */
function RescueCount() {
  const { counts } = useConsole().live;
  const count = counts.value.get('pending.unassigned') ?? 0;
  return (
    <span class={`count num ${count > 0 ? 'some' : ''}`}>
      {count > 99 ? '99+' : count}
      <span class="sr-only"> open</span>
    </span>
  );
}

/** Alarms that nobody has seen to are told even while another tab is looked at. */
function useTitle(): void {
  const { alarms } = useConsole();
  const count = useMemo(() => computed(() => alarms.pressing.value.length), [alarms]);
  useEffect(
    () =>
      count.subscribe((open) => {
        document.title = open > 0 ? `(${open}) Waybill console` : 'Waybill console';
      }),
    [count],
  );
}
