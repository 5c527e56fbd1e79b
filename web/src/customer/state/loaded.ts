import { type ReadonlySignal, signal } from '@preact/signals';
import { explain } from '../explain.ts';

/** Something from the server: on its way, here, or not to be had. */
export type Loaded<T> =
  | { is: 'loading' }
  | { is: 'here'; value: T }
  | { is: 'failed'; why: string };

export interface Loading<T> {
  readonly state: ReadonlySignal<Loaded<T>>;
  /** Asks (again); what is here already stays until there is newer. */
  load(): void;
}

/** Asks when it is first needed, and again on request; of several answers the last one asked for counts. */
export function createLoading<T>(ask: () => Promise<T>): Loading<T> {
  const state = signal<Loaded<T>>({ is: 'loading' });
  let asked = 0;
  return {
    state,
    load() {
      asked += 1;
      const mine = asked;
      if (state.value.is === 'failed') state.value = { is: 'loading' };
      ask().then(
        (value) => {
          if (mine === asked) state.value = { is: 'here', value };
        },
        (error: unknown) => {
          if (mine === asked && state.value.is !== 'here') {
            state.value = { is: 'failed', why: explain(error) };
          }
        },
      );
    },
  };
}
