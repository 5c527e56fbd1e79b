import { Command } from 'commander';
import { checkCommand } from '../simulation/check-command.ts';
import { coverageCommand } from './coverage-command.ts';
import { diagramCommand } from './diagram.ts';
import { matrixCommand } from './matrix-command.ts';
import { reportCommand } from './report-command.ts';

const program = new Command('model')
  .description('Tests, charts and reports that are made from the machines themselves.')
  .showHelpAfterError('(npm run model -- --help lists the commands)')
  .addCommand(coverageCommand())
  .addCommand(matrixCommand())
  .addCommand(checkCommand())
  .addCommand(diagramCommand())
  .addCommand(reportCommand());

for (const command of [program, ...program.commands]) {
  command
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'model: ')) })
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
}

await program.parseAsync();
