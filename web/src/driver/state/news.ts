import { type ReadonlySignal, signal } from '@preact/signals';

export interface Item {
  id: number;
  at: number;
  tone: 'good' | 'info' | 'warn' | 'bad';
  text: string;
}

/** What became of things while the driver looked elsewhere: told until it is put away. */
export interface News {
  readonly items: ReadonlySignal<readonly Item[]>;
  tell(tone: Item['tone'], text: string): void;
  putAway(id: number): void;
}

const MOST = 3;
/** Good news needs no answer. */
const GOOD_STAYS_MS = 8_000;

/** @param now the server's time */
export function createNews(now: () => number): News {
  const items = signal<readonly Item[]>([]);
  let last = 0;
  const putAway = (id: number) => {
    items.value = items.value.filter((item) => item.id !== id);
  };
  return {
    items,
    putAway,
    tell(tone, text) {
      last += 1;
      const id = last;
      items.value = [{ id, at: now(), tone, text }, ...items.value].slice(0, MOST);
      if (tone === 'good') setTimeout(() => putAway(id), GOOD_STAYS_MS);
    },
  };
}
