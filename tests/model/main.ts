import { Command } from 'commander';
import { diagramCommand } from './diagram.ts';

const program = new Command('model')
  .description('Tests, charts and reports that are made from the machines themselves.')
  .showHelpAfterError()
  .addCommand(diagramCommand());

await program.parseAsync();
