import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useMemo } from 'preact/hooks';
import type { SignedIn } from '../kit/mount.tsx';
import { type Alarms, createAlarms } from './state/alarms.ts';
import { createFlow, type Flow } from './state/flow.ts';
import { createLiveOrders, type LiveOrders } from './state/live-orders.ts';
import { createNames, type Names } from './state/names.ts';
import { createPlaces, type Places } from './state/places.ts';

/** What every page of the console works with. */
export interface Console extends SignedIn {
  live: LiveOrders;
  flow: Flow;
  names: Names;
  places: Places;
  alarms: Alarms;
}

const ConsoleContext = createContext<Console | undefined>(undefined);

export function useConsole(): Console {
  const console = useContext(ConsoleContext);
  if (!console) throw new Error('outside the console');
  return console;
}

/** Starts to listen when an operator is signed in, and stops with them. */
export function ConsoleProvider(props: { signedIn: SignedIn; children: ComponentChildren }) {
  const { signedIn, children } = props;
  const console = useMemo(() => {
    const live = createLiveOrders(signedIn.client);
    const places = createPlaces(signedIn.client);
    return {
      ...{ ...signedIn, live, places },
      flow: createFlow(live),
      names: createNames(signedIn.client, places),
      alarms: createAlarms(signedIn.client),
    };
  }, [signedIn.client]);
  useEffect(() => {
    const { live, flow, alarms, places } = console;
    const stops = [flow.start(), live.start(), alarms.start(), places.start()];
    return () => {
      for (const stop of stops) stop();
    };
  }, [console]);
  return <ConsoleContext.Provider value={console}>{children}</ConsoleContext.Provider>;
}
