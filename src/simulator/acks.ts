import { createWriteStream } from 'node:fs';

/** A command whose acknowledgement a client has in hand: from here on the server may not lose it. */
export interface Ack {
  kind: 'order' | 'shift';
  id: string;
  seq: number;
  commandId: string;
}

export interface AckLog {
  note(ack: Ack): void;
  /** Resolves when all of it is written. */
  close(): Promise<void>;
}

/** Lines in one file; a day of the demo has some thousands. */
const MOST_LINES = 200_000;

/**
 * Writes each acknowledged command as one JSON line, replacing what was there, for `verify` to hold
 * the database against. Without a file it keeps nothing.
 * @throws {Error} from `close`, when the file could not be written
 */
export function openAckLog(file: string | undefined): AckLog {
  if (!file) return { note: () => {}, close: async () => {} };
  const stream = createWriteStream(file);
  let lines = 0;
  let failure: Error | undefined;
  stream.on('error', (error) => {
    failure = error;
  });
  return {
    note(ack) {
      if (failure || lines >= MOST_LINES) return;
      lines += 1;
      stream.write(`${JSON.stringify(ack)}\n`);
    },
    close: () =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure);
        stream.end(() => (failure ? reject(failure) : resolve()));
      }),
  };
}
