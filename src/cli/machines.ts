import { Command } from 'commander';
import type { ActorKind } from '../engine/actor-kind.ts';
import type { Store } from '../engine/store.ts';
import { checkHistory } from '../verify/check-history.ts';
import { KINDS } from './life.ts';
import { table } from './replay.ts';
import { BadInput, withStorage } from './with-storage.ts';

/** `waybill machines --check`: exit 0 when all replay, 1 when one does not, 2 when there is none. */
export const machinesCommand = (): Command =>
  new Command('machines')
    .description(
      'which machine versions the code carries, and which of them orders and shifts run on',
    )
    .option(
      '--check',
      'replay every stored history on its version; exit 1 when one does not end as stored',
    )
    .action(async ({ check }: { check?: boolean }) => {
      if (!check) {
        for (const { name, machines, currentVersion } of KINDS) {
          const versions = [...machines.keys()].join(', ');
          process.stdout.write(`${name}: carries ${versions}; new ones run on ${currentVersion}\n`);
        }
        return;
      }
      const { runs, wrong } = await withStorage(({ store }) => checkVersions(store, KINDS));
      if (runs.length === 0) throw new BadInput('there is nothing to check: no order and no shift');
      process.stdout.write(`${describeRuns(runs)}\n`);
      for (const each of wrong.slice(0, SHOWN)) process.stdout.write(`${each}\n`);
      process.stdout.write(`${wrong.length} do not replay\n`);
      if (wrong.length > 0) process.exitCode = 1;
    });

/** Lists at most this many; all are counted. */
const SHOWN = 20;

/** The actors of one kind that run on one machine version. */
export interface Run {
  kind: string;
  version: number;
  isCarried: boolean;
  actors: number;
  /** Of them, those that are not over. */
  live: number;
  replayed: number;
}

/** Replays every history there is, one at a time. Reads only; safe beside a running server. */
export async function checkVersions(
  store: Pick<Store, 'scan'>,
  kinds: readonly ActorKind[],
): Promise<{ runs: Run[]; wrong: string[] }> {
  const runs = new Map<string, Run>();
  const wrong: string[] = [];
  for (const kind of kinds) {
    for await (const actor of store.scan(kind.name)) {
      const version = actor.machineVersion;
      const isCarried = kind.machines.has(version);
      const key = `${kind.name} ${version}`;
      const known = runs.get(key) ?? {
        ...{ kind: kind.name, version, isCarried },
        ...{ actors: 0, live: 0, replayed: 0 },
      };
      runs.set(key, known);
      known.actors++;
      if (actor.snapshot.status !== 'done') known.live++;
      const problems: string[] = [];
      if (!isCarried) problems.push(`runs on version ${version}, which this code does not carry`);
      else checkHistory(kind, actor, (_invariant, what) => void problems.push(what));
      if (problems.length === 0) known.replayed++;
      else wrong.push(`${kind.name} ${actor.id}: ${problems.join('; ')}`);
    }
  }
  return { runs: [...runs.values()], wrong };
}

const describeRuns = (runs: readonly Run[]): string =>
  table([
    ['machine', 'version', 'code carries it', 'actors', 'not over', 'replay as stored'],
    ...runs.map(({ kind, version, isCarried, actors, live, replayed }) => [
      ...[kind, String(version), isCarried ? 'yes' : 'NO'],
      ...[String(actors), String(live), String(replayed)],
    ]),
  ]);
