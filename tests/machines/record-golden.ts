import { existsSync, writeFileSync } from 'node:fs';
import { orderKind } from '../../machines/order-kind.ts';
import { GOLDEN_JOURNEYS, record } from './golden-journeys.ts';

// npx tsx tests/machines/record-golden.ts: records what is not recorded yet. What is there is what
// orders in the database look like: it is never written again, see docs/adr/0006.
for (const [name, build] of Object.entries(GOLDEN_JOURNEYS)) {
  const path = `tests/golden/order-v${orderKind.currentVersion}-${name}.json`;
  if (!existsSync(path)) writeFileSync(path, `${JSON.stringify(record(build()), null, 1)}\n`);
}
