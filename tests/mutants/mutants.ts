import { BACKGROUND_MUTANTS } from './background-mutants.ts';
import { CLIENT_MUTANTS } from './client-mutants.ts';
import { DISPATCH_MUTANTS } from './dispatch-mutants.ts';
import { ENGINE_MUTANTS } from './engine-mutants.ts';
import { MACHINE_MUTANTS } from './machine-mutants.ts';
import type { Mutant } from './mutant.ts';
import { STORE_MUTANTS } from './store-mutants.ts';
import { WIRE_MUTANTS } from './wire-mutants.ts';

/** Every seeded fault, by the room it is in. */
export const MUTANTS: readonly Mutant[] = [
  ...STORE_MUTANTS,
  ...ENGINE_MUTANTS,
  ...BACKGROUND_MUTANTS,
  ...MACHINE_MUTANTS,
  ...DISPATCH_MUTANTS,
  ...WIRE_MUTANTS,
  ...CLIENT_MUTANTS,
];
