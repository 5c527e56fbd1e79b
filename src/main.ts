import { Command } from 'commander';
import { demoCommand } from './cli/demo.ts';
import { replayCommand } from './cli/replay.ts';
import { seedCommand } from './cli/seed.ts';
import { startCommand } from './cli/start.ts';
import { userCommand } from './cli/user.ts';
import { verifyCommand } from './cli/verify.ts';

const program = new Command('waybill')
  .description('Order tracking and dispatch: every order is a durable actor.')
  .showHelpAfterError()
  .addCommand(startCommand())
  .addCommand(demoCommand())
  .addCommand(verifyCommand())
  .addCommand(replayCommand())
  .addCommand(seedCommand())
  .addCommand(userCommand());

try {
  await program.parseAsync();
} catch (error) {
  // What went wrong and how to mend it; a stack only where it is our own mistake.
  const isExpected = error instanceof Error && error.name !== 'Error' && error.name !== 'TypeError';
  process.stderr.write(`${isExpected ? error.message : ((error as Error).stack ?? error)}\n`);
  process.exitCode = 1;
}
