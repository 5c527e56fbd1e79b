import { existsSync, writeFileSync } from 'node:fs';
import { recordings } from './golden-journeys.ts';

// npx tsx tests/machines/record-golden.ts: records what is not recorded yet. What is there is what
// actors in the database look like: it is never written again, see docs/adr/0006.
for (const [file, recording] of Object.entries(recordings())) {
  const path = `tests/golden/${file}`;
  if (existsSync(path)) continue;
  writeFileSync(path, `${JSON.stringify(recording, null, 2)}\n`);
  process.stdout.write(`wrote ${path}\n`);
}
process.stdout.write('what was there stays as it is; a new event needs a journey of its own\n');
