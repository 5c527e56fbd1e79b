import { Command } from 'commander';
import { demoCommand } from './cli/demo.ts';
import { exportCommand } from './cli/export.ts';
import { machinesCommand } from './cli/machines.ts';
import { replayCommand } from './cli/replay.ts';
import { seedCommand } from './cli/seed.ts';
import { startCommand } from './cli/start.ts';
import { userCommand } from './cli/user.ts';
import { verifyCommand } from './cli/verify.ts';
import { BadInput } from './cli/with-storage.ts';

const program = new Command('waybill')
  .description('Order tracking and dispatch: every order is a durable actor.')
  .showHelpAfterError('(waybill --help lists the commands, waybill COMMAND --help their options)')
  .addCommand(startCommand())
  .addCommand(demoCommand())
  .addCommand(verifyCommand())
  .addCommand(replayCommand())
  .addCommand(exportCommand())
  .addCommand(machinesCommand())
  .addCommand(seedCommand())
  .addCommand(userCommand());

try {
  await program.parseAsync();
} catch (error) {
  // What went wrong and how to mend it; where it was in the code only if the mistake is ours.
  const isOurs = error instanceof TypeError || error instanceof ReferenceError;
  process.stderr.write(`${isOurs ? error.stack : (error as Error).message}\n`);
  process.exitCode = error instanceof BadInput ? 2 : 1;
}
