import type { Actor } from '../../../../machines/common.ts';
import type { Names } from '../state/names.ts';

/** Who sent an event, as people say it. */
export function whoDid({ role, id }: Actor, names: Pick<Names, 'of' | 'store'>): string {
  switch (role) {
    case 'system':
      return id === 'dispatch' ? 'dispatch' : 'the clock';
    case 'store':
      return `the store (${names.store(id)})`;
    case 'customer':
      return `${names.of(id)} (customer)`;
    case 'driver':
      return `${names.of(id)} (driver)`;
    case 'operator':
      return `${names.of(id)} (operator)`;
  }
}
