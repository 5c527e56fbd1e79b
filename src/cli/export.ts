import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { maskHistory } from '../verify/mask-history.ts';
import { storedLife } from './life.ts';
import { BadInput, CommandError } from './with-storage.ts';

/** `waybill export ORDER`: its masked history, for `waybill replay FILE` or, with --test, for the tests. */
export const exportCommand = (): Command =>
  new Command('export')
    .description('the history of an order or a shift as a file, with all personal data masked')
    .argument('<order>', 'the id of an order or a shift')
    .option(
      '--test <file>',
      'write it there, e.g. tests/golden/incidents/NAME.json: `npm test` replays it',
    )
    .action(async (id: string, { test: file }: { test?: string }) => {
      if (file !== undefined && existsSync(file)) {
        throw new BadInput(`--test ${file}: expected a new file; what is there stays as it is`);
      }
      const { kind, machineVersion, history } = await storedLife(id);
      const text = `${JSON.stringify(masked(), undefined, 2)}\n`;
      if (file === undefined) {
        process.stdout.write(text);
        return;
      }
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
      process.stdout.write(`wrote ${history.length} steps to ${file}; \`npm test\` replays them\n`);

      function masked() {
        try {
          return maskHistory(kind, id, machineVersion, history);
        } catch (error) {
          throw new CommandError(`it cannot be masked: ${(error as Error).message}`);
        }
      }
    });
