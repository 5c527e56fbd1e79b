import { Command } from 'commander';
import { coverageCommand } from './coverage-command.ts';
import { diagramCommand } from './diagram.ts';

const program = new Command('model')
  .description('Tests, charts and reports that are made from the machines themselves.')
  .showHelpAfterError()
  .addCommand(coverageCommand())
  .addCommand(diagramCommand());

await program.parseAsync();
