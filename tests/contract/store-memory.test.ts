import { describe } from '@jest/globals';
import { createMemoryDatabase } from '../../src/engine/memory-database.ts';
import { createMemoryStore } from '../../src/engine/memory-store.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { storeContract } from './store-contract.ts';

describe('memory store', () => {
  storeContract(async () => {
    const clock = createManualClock();
    const database = createMemoryDatabase({ clock });
    return {
      a: createMemoryStore(database),
      b: createMemoryStore(database),
      pass: (ms) => clock.advance(ms),
    };
  });
});
