import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FAULT_KINDS, type FaultKind } from './faults.ts';

/** What a run of many seeds came to; `npm run model -- report` shows the last one. */
export interface SimulationTotals {
  /** ISO 8601. */
  madeAt: string;
  from: number;
  seeds: number;
  passed: number;
  failed: number;
  seconds: number;
  /** Of one seed, on average. */
  mean: {
    commits: number;
    calls: number;
    faults: number;
    crashes: number;
    events: number;
    virtualSeconds: number;
  };
  /** How often each kind of fault struck. */
  faults: Record<FaultKind, number>;
}

export const SIMULATION_FILE = 'coverage/simulation.json';

/** Adds up what seeds report, in any order. */
export function createTotals(): {
  add(report: SeedFigures): void;
  readonly lived: number;
  readonly cpuMs: number;
  of(run: { from: number; failed: number; seconds: number }): SimulationTotals;
} {
  const faults = Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 0])) as Record<
    FaultKind,
    number
  >;
  const sums = { commits: 0, calls: 0, events: 0, virtualMs: 0, cpuMs: 0 };
  let lived = 0;
  const sumOf = (kinds: readonly FaultKind[]) => kinds.reduce((sum, kind) => sum + faults[kind], 0);

  return {
    add(report) {
      lived++;
      for (const name of Object.keys(sums) as (keyof typeof sums)[]) sums[name] += report[name];
      for (const kind of FAULT_KINDS) faults[kind] += report.faults[kind] ?? 0;
    },
    get lived() {
      return lived;
    },
    get cpuMs() {
      return sums.cpuMs;
    },
    of({ from, failed, seconds }) {
      const crashes = FAULT_KINDS.filter((kind) => kind.startsWith('node crashed'));
      return {
        ...{ madeAt: new Date().toISOString(), from, seeds: lived, passed: lived - failed, failed },
        seconds,
        mean: {
          commits: sums.commits / lived,
          calls: sums.calls / lived,
          faults: sumOf(FAULT_KINDS) / lived,
          crashes: sumOf(crashes) / lived,
          events: sums.events / lived,
          virtualSeconds: sums.virtualMs / 1_000 / lived,
        },
        faults,
      };
    },
  };
}

interface SeedFigures {
  commits: number;
  calls: number;
  events: number;
  virtualMs: number;
  cpuMs: number;
  faults: Partial<Record<FaultKind, number>>;
}

export async function saveTotals(totals: SimulationTotals): Promise<void> {
  await mkdir(dirname(SIMULATION_FILE), { recursive: true });
  await writeFile(SIMULATION_FILE, `${JSON.stringify(totals, null, 2)}\n`);
}
