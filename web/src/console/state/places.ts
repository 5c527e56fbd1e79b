import { type ReadonlySignal, signal } from '@preact/signals';
import { isCallError } from '../../../../src/client/call-error.ts';
import type { WaybillClient } from '../../../../src/client/waybill-client.ts';
import type { StoreView, ZoneView } from '../../../../src/protocol/catalog.ts';

export interface City {
  zones: readonly ZoneView[];
  stores: readonly StoreView[];
}

/** Zones and stores: read once, and again until they could be. */
export interface Places {
  /** Undefined before they are known. */
  readonly city: ReadonlySignal<City | undefined>;
  start(): () => void;
}

const READ_AGAIN_MS = 5_000;

export function createPlaces(client: WaybillClient): Places {
  const city = signal<City | undefined>(undefined);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  async function read(): Promise<void> {
    try {
      const [{ zones }, { stores }] = await Promise.all([
        client.http<{ zones: ZoneView[] }>('GET', '/v1/zones'),
        client.http<{ stores: StoreView[] }>('GET', '/v1/stores'),
      ]);
      city.value = { zones, stores };
    } catch (error) {
      if (!isCallError(error)) throw error;
      if (!stopped) timer = setTimeout(() => void read(), READ_AGAIN_MS);
    }
  }

  return {
    city,
    start() {
      stopped = false;
      if (!city.peek()) void read();
      return () => {
        stopped = true;
        clearTimeout(timer);
      };
    },
  };
}
