import { computed, signal } from '@preact/signals';
import { isCallError } from '../../../../src/client/call-error.ts';
import type { WaybillClient } from '../../../../src/client/waybill-client.ts';
import { toShortId } from '../../kit/format.ts';
import type { Places } from './places.ts';

/** Names by ids; those of people are asked for once, when they are first shown. */
export interface Names {
  /** A person's, or the end of the id while it is not known; a component that shows it is drawn again. */
  of(id: string): string;
  /** The id itself while the name is not known. */
  store(id: string): string;
  zone(id: string): string;
  /** Makes known what was learned elsewhere. */
  learn(names: Record<string, string>): void;
}

/** Ids in one question. */
const MOST = 100;

export function createNames(client: WaybillClient, { city }: Pick<Places, 'city'>): Names {
  const version = signal(0);
  const known = new Map<string, string>();
  const asked = new Set<string>();
  const wanted: string[] = [];
  const stores = computed(
    () => new Map(city.value?.stores.map(({ storeId, name }) => [storeId, name])),
  );
  const zones = computed(() => new Map(city.value?.zones.map(({ zone, name }) => [zone, name])));

  async function ask(): Promise<void> {
    const ids = wanted.splice(0, MOST);
    if (wanted.length > 0) setTimeout(() => void ask(), 0);
    try {
      const query = ids.map(encodeURIComponent).join(',');
      const found = await client.http<{ names: Record<string, string> }>(
        ...(['GET', `/v1/ops/names?ids=${query}`] as const),
      );
      learn(found.names);
    } catch (error) {
      if (!isCallError(error)) throw error;
      // Whoever shows them again asks again.
      for (const id of ids) asked.delete(id);
    }
  }

  function learn(names: Record<string, string>): void {
    const before = known.size;
    for (const [id, name] of Object.entries(names)) known.set(id, name);
    if (known.size > before) version.value += 1;
  }

  return {
    of(id) {
      version.value;
      const name = known.get(id);
      if (name === undefined && !asked.has(id)) {
        asked.add(id);
        if (wanted.length === 0) setTimeout(() => void ask(), 0);
        wanted.push(id);
      }
      return name ?? `…${toShortId(id)}`;
    },
    store: (id) => stores.value.get(id) ?? id,
    zone: (id) => zones.value.get(id) ?? id,
    learn,
  };
}
