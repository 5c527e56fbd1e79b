import { type ReadonlySignal, signal } from '@preact/signals';
import type { Point } from '../../../../machines/common.ts';
import type { WaybillClient } from '../../../../src/client/waybill-client.ts';

/** What this phone knows of where it is. `at`: epoch ms by this phone. */
export type Whereabouts =
  | { is: 'off' | 'asking' | 'denied' | 'unknown' }
  | { is: 'known'; point: Point; at: number };

export interface Position {
  readonly whereabouts: ReadonlySignal<Whereabouts>;
  /** Follows the phone and reports until `stop`; asks for permission the first time. Idempotent. */
  start(): void;
  stop(): void;
  /** Asks the phone anew, after it was refused or found nothing. */
  again(): void;
}

const EVERY_MS = 2_000;
/** A phone that lies still says so now and then: it may have been out of reach when it last moved. */
const AGAIN_MS = 15_000;

/** Where the driver is, for the server and for the screen. */
export function createPosition(client: WaybillClient): Position {
  const whereabouts = signal<Whereabouts>({ is: 'off' });
  let watch: number | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let reportedAt = 0;

  function report(): void {
    const { value } = whereabouts;
    if (value.is !== 'known' || !client.connected()) return;
    reportedAt = performance.now();
    client.report(value.point);
  }

  function onFound({ coords, timestamp }: GeolocationPosition): void {
    const point = { lat: coords.latitude, lng: coords.longitude };
    const isFirst = whereabouts.peek().is !== 'known';
    whereabouts.value = { is: 'known', point, at: timestamp };
    if (isFirst || performance.now() - reportedAt >= EVERY_MS) report();
  }

  function onFailed({ code, PERMISSION_DENIED }: GeolocationPositionError): void {
    if (code === PERMISSION_DENIED) whereabouts.value = { is: 'denied' };
    else if (whereabouts.peek().is !== 'known') whereabouts.value = { is: 'unknown' };
  }

  function follow(): void {
    whereabouts.value = { is: 'asking' };
    watch = navigator.geolocation.watchPosition(onFound, onFailed, {
      ...{ enableHighAccuracy: true, maximumAge: 5_000 },
    });
  }

  function again(): void {
    if (watch === undefined) return;
    navigator.geolocation.clearWatch(watch);
    follow();
  }

  /** Whoever allows it in the browser's settings need not come back and say so. */
  async function followPermission(): Promise<void> {
    const permission = await navigator.permissions?.query({ name: 'geolocation' });
    permission?.addEventListener('change', again);
  }

  // Some browsers do not tell; there is a button.
  followPermission().catch(() => {});
  client.onLink(({ state }) => {
    if (state === 'live' && watch !== undefined) report();
  });

  return {
    whereabouts,
    start() {
      if (watch !== undefined) return;
      if (!('geolocation' in navigator)) {
        whereabouts.value = { is: 'unknown' };
        return;
      }
      follow();
      timer = setInterval(report, AGAIN_MS);
    },
    stop() {
      if (watch === undefined) return;
      navigator.geolocation.clearWatch(watch);
      clearInterval(timer);
      watch = undefined;
      whereabouts.value = { is: 'off' };
    },
    again,
  };
}
