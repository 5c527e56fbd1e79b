import { isCallError } from '../../../../src/client/call-error.ts';
import type { CommandAnswer, MovedOn } from '../../../../src/protocol/commands.ts';

/** What became of an intervention. */
export type Outcome =
  | { is: 'done'; seq: number; state: string }
  /** Somebody, or the passing of time, was first. */
  | { is: 'beaten'; by: MovedOn }
  | { is: 'refused'; message: string };

/** Steps that may slip in between before the operator is asked again. */
const MOST_SLIPS = 3;

/**
 * Sends a move that was decided on while the order or shift looked like `seen`: it is taken on that
 * picture or not at all. A step that changed nothing of it (the offer was seen, the promise is in
 * danger) and was no operator's is passed over.
 * @param send takes the command at that step, else throws `moved_on`
 */
export async function sendMove(
  seen: { seq: number; state: string },
  send: (ifSeq: number) => Promise<CommandAnswer>,
): Promise<Outcome> {
  let ifSeq = seen.seq;
  for (let slips = 0; ; slips++) {
    try {
      const { seq, state } = await send(ifSeq);
      return { is: 'done', seq, state };
    } catch (error) {
      if (!isCallError(error)) throw error;
      if (error.code !== 'moved_on') return { is: 'refused', message: explain(error) };
      const by = error.details as unknown as MovedOn;
      if (slips >= MOST_SLIPS || changesThePicture(by, seen.state)) return { is: 'beaten', by };
      ifSeq = by.seq;
    }
  }
}

/** What was read, or undefined while the server cannot be reached: then what is known has to do. */
export const unlessAway = <T>(reading: Promise<T>): Promise<T | undefined> =>
  reading.catch((error: unknown) => {
    if (!isCallError(error)) throw error;
    return undefined;
  });

const changesThePicture = ({ state, steps }: MovedOn, seen: string): boolean =>
  state !== seen || steps.some(({ by }) => by.role === 'operator');

function explain({ code, message }: { code: string; message: string }): string {
  switch (code) {
    case 'driver_busy':
      return 'This driver has no free place any more, or went off duty. Choose another.';
    case 'offline':
    case 'no_answer':
      return 'The server did not answer. Nothing is lost: check what became of it, then try again.';
    case 'outcome_unknown':
      return 'The database did not say whether this was stored. Check what became of it before trying again.';
    case 'not_found':
      return 'It is not there any more.';
    default:
      return message;
  }
}
