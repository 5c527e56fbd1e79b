import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { orderKind } from '../../machines/order-kind.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import type { ActorKind } from '../engine/actor-kind.ts';
import type { HistoryEntry } from '../engine/types.ts';
import type { Recording } from '../verify/recording.ts';
import type { Life } from '../verify/what-if.ts';
import { BadInput, withStorage } from './with-storage.ts';

export const KINDS: readonly ActorKind[] = [orderKind, shiftKind];

/** The whole life of an order or a shift: by its id from the database, or from a file that was exported. */
export const lifeOf = (target: string): Promise<Life> =>
  existsSync(target) ? lifeInFile(target) : storedLife(target);

/** @throws {BadInput} when there is none of this id */
export function storedLife(id: string): Promise<Life> {
  return withStorage(async ({ store }) => {
    for (const kind of KINDS) {
      const stored = await store.load(kind.name, id);
      if (!stored) continue;
      const history = await store.history(kind.name, id, 0);
      return { kind, id, machineVersion: stored.machineVersion, history };
    }
    throw new BadInput(
      `no order or shift ${id}, and no such file; expected the id that placing answered, or an export`,
    );
  });
}

async function lifeInFile(file: string): Promise<Life> {
  const recording = parsed(await readFile(file, 'utf8').catch(() => ''));
  const kind = KINDS.find(({ name }) => name === recording?.kind);
  if (!kind || !isHistory(recording?.history) || !Number.isInteger(recording.machineVersion)) {
    throw new BadInput(`${file} is no history; expected what \`waybill export ORDER\` writes`);
  }
  if (!kind.machines.has(recording.machineVersion)) {
    throw new BadInput(
      `${file} ran on ${kind.name} machine version ${recording.machineVersion}; this code carries ${[...kind.machines.keys()].join(', ')}`,
    );
  }
  const { machineVersion, history } = recording;
  return { kind, id: file, machineVersion, history };
}

const isHistory = (history: unknown): history is HistoryEntry[] =>
  Array.isArray(history) &&
  history.length > 0 &&
  history.every(
    (entry) => typeof entry?.event?.type === 'string' && typeof entry.by?.role === 'string',
  );

function parsed(text: string): Recording | undefined {
  try {
    return JSON.parse(text) as Recording;
  } catch {
    return undefined;
  }
}
