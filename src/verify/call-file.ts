import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type { Attempt, AttemptEnd, Recorder } from '../client/record.ts';
import { type Call, createCallLog } from './check-calls.ts';

export interface CallFile {
  /** Notes a call as it begins and as it ends: whatever is killed meanwhile, what began is there. */
  begin: Recorder;
  /** Resolves when all of it is written. @throws {Error} when the file could not be written */
  close(): Promise<void>;
}

/** Each may be two lines of some 150 bytes; a day of the demo has some thousands. */
const MOST_CALLS = 100_000;

type Line = { call: number } & (Attempt | AttemptEnd);

/**
 * Writes what clients do and are told as JSON lines, replacing what was there, for `verify --calls`.
 * Beyond `most` calls none is noted: what is left out contradicts nothing.
 */
export function openCallFile(file: string, most = MOST_CALLS): CallFile {
  const stream = createWriteStream(file);
  let begun = 0;
  // Told by `close`.
  stream.on('error', () => {});
  const write = (line: Line) => {
    if (stream.writable) stream.write(`${JSON.stringify(line)}\n`);
  };
  return {
    begin(attempt) {
      if (begun >= most) return () => {};
      begun += 1;
      const call = begun;
      write({ call, ...attempt });
      return (end) => write({ call, ...end });
    },
    async close() {
      stream.end();
      await finished(stream);
    },
  };
}

/**
 * Reads such a file. A process that was killed may have left half a line at the end.
 * @throws {Error} when it cannot be read, or is something else
 */
export async function readCallFile(file: string): Promise<readonly Call[]> {
  const log = createCallLog();
  const underWay = new Map<number, (end: AttemptEnd) => void>();
  const handle = await open(file);
  try {
    let number = 0;
    let damaged = 0;
    for await (const text of handle.readLines()) {
      number += 1;
      if (damaged > 0) throw new Error(`line ${damaged} is no call`);
      const line = parseLine(text);
      if (!line) damaged = number;
      else if ('does' in line) underWay.set(line.call, log.begin(line));
      else underWay.get(line.call)?.(line);
    }
    if (damaged === 1) throw new Error('it holds no calls');
  } finally {
    await handle.close();
  }
  return log.calls;
}

function parseLine(text: string): Line | undefined {
  try {
    const line = JSON.parse(text) as Line | null;
    return typeof line?.call === 'number' ? line : undefined;
  } catch {
    return undefined;
  }
}
