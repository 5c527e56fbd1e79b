import {
  emptyLevel,
  type Level,
  type MachineName,
  noteHistory,
  noteRefusals,
  type OrderPath,
  paths,
  type ShiftPath,
} from './levels.ts';
import { storyOf } from './order-stories.ts';
import { SHIFT_ZONES } from './shift-model.ts';
import { failureOf, nameOf, walk } from './walk.ts';
import { quarterOf, type WireOrdersDeps, walkOnWire } from './wire-orders.ts';
import { walkShiftOnWire } from './wire-shifts.ts';
import { type Crew, openTown, type Quarter, type Town } from './wire-town.ts';

/** On a machine that does much else a deadline may come before the people do: then everything is done slower. */
const SLOWER = [1, 2, 4];
/** Crews that walk at the same time. */
const CREWS = 14;

/** One path to be walked in a town, in a quarter for each of its attempts. */
interface Errand {
  machine: MachineName;
  path: string;
  /** Long ones first, so that no crew waits for the last. */
  lastsMs: number;
  quarters: Quarter[];
  needsOutage: boolean;
  walk(deps: WireOrdersDeps): Promise<void>;
}

/**
 * Over the public API of real servers on a real MongoDB, everything at once. What was taken is read from
 * the stored histories of all that happened there, whoever caused it.
 */
export async function walkWire(mongoUrl: string): Promise<Level[]> {
  const { order, shift } = paths().causable;
  const levels = {
    order: emptyLevel('api', 'order', order),
    shift: emptyLevel('api', 'shift', shift),
  };
  const orderErrands = order.map((path) => orderErrand(path, levels.order));
  const shiftErrands = shift.map((path) => shiftErrand(path, levels.shift));
  const served = orderErrands.filter(({ needsOutage }) => !needsOutage);
  await allDone([
    visit(mongoUrl, [...served, ...shiftErrands], levels, walkInTurn),
    visit(
      mongoUrl,
      orderErrands.filter(({ needsOutage }) => needsOutage),
      levels,
      walkThroughOutages,
    ),
  ]);
  return [levels.order, levels.shift];
}

function orderErrand(path: OrderPath, level: Level): Errand {
  const first = path.steps[0]?.move;
  const story = storyOf(first?.kind === 'place' ? first.story : 'plain');
  const waits = path.steps.filter(
    ({ move }) => move.kind === 'due' || move.kind === 'outage',
  ).length;
  return {
    ...{ machine: 'order', path: nameOf(path), lastsMs: waits * 2_000 + path.steps.length * 100 },
    needsOutage: path.steps.some(({ move }) => move.kind === 'outage'),
    quarters: SLOWER.map((slower) => quarterOf(story, slower)),
    async walk(deps) {
      const system = walkOnWire(deps);
      try {
        noteRefusals(level.coverage, await walk(path, system));
      } finally {
        await system.close();
      }
    },
  };
}

function shiftErrand(path: ShiftPath, level: Level): Errand {
  const first = path.steps[0]?.move;
  const policy = SHIFT_ZONES[first?.kind === 'start' ? first.zone : 'strict'];
  const vanishes = path.steps.some(({ move }) => move.kind === 'vanish');
  return {
    ...{ machine: 'shift', path: nameOf(path) },
    lastsMs: vanishes ? 30_000 : path.steps.length * 500,
    quarters: SLOWER.map((slower) => ({
      policy: { ...policy, offerMs: policy.offerMs * slower },
      promiseMs: 720 * 60_000,
    })),
    needsOutage: false,
    async walk(deps) {
      const system = walkShiftOnWire(deps);
      try {
        noteRefusals(level.coverage, await walk(path, system));
      } finally {
        await system.close();
      }
    },
  };
}

/** Opens a town for the errands, has them walked, and counts what its database has then. */
async function visit(
  mongoUrl: string,
  errands: readonly Errand[],
  levels: Record<MachineName, Level>,
  walkAll: (town: Town, errands: readonly Errand[], astray: Astrays) => Promise<void>,
): Promise<void> {
  const town = await openTown(
    mongoUrl,
    errands.flatMap(({ quarters }) => quarters),
  );
  try {
    await walkAll(town, errands, ({ machine }, message) => levels[machine].astray.push(message));
    for (const machine of ['order', 'shift'] as const) {
      for await (const { machineVersion, history } of town.store.scan(machine)) {
        noteHistory(levels[machine].coverage, machine, machineVersion, history);
      }
    }
  } finally {
    await town.close();
  }
}
type Astrays = (errand: Errand, message: string) => void;

/** Each crew takes the next errand, until there is none. */
async function walkInTurn(town: Town, errands: readonly Errand[], astray: Astrays): Promise<void> {
  const queue = [...errands.entries()].sort(([, a], [, b]) => b.lastsMs - a.lastsMs);
  const work = async () => {
    const crew = await assembled(town);
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, errand] = next;
      let failure: string | undefined;
      for (const [attempt, slower] of SLOWER.entries()) {
        const quarter = index * SLOWER.length + attempt;
        failure = await tryOut(errand, { town, crew, quarter, slower, outage: never });
        if (!failure) break;
      }
      if (failure) astray(errand, failure);
    }
  };
  await allDone(Array.from({ length: CREWS }, work));
}

/** All at once, since an outage is everybody's; whoever was not ready for it has another one. */
async function walkThroughOutages(
  town: Town,
  errands: readonly Errand[],
  astray: Astrays,
): Promise<void> {
  const crews = await Promise.all(errands.map(() => assembled(town)));
  let pending = [...errands.entries()];
  for (const [attempt, slower] of SLOWER.entries()) {
    const member = createRound(town, pending.length, OUTAGE_MS * slower);
    const walked = await Promise.all(
      pending.map(async ([index, errand]) => {
        const quarter = index * SLOWER.length + attempt;
        const crew = crews[index] as Crew;
        const { outage, leave } = member();
        const failure = await tryOut(errand, { town, crew, quarter, slower, outage });
        leave();
        return { index, errand, failure };
      }),
    );
    pending = walked.flatMap(({ index, errand, failure }): [number, Errand][] => {
      if (failure && attempt === SLOWER.length - 1) astray(errand, failure);
      return failure ? [[index, errand]] : [];
    });
  }
}

async function assembled(town: Town): Promise<Crew> {
  try {
    return await town.crew();
  } catch (error) {
    throw new Error(`no path, but a crew that was to sign in: ${error}`, { cause: error });
  }
}

/** Waits for all, so that nobody is left in a town that is closed; then the first failure, if any, is thrown. */
async function allDone(works: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/** What went otherwise than in the model, if anything did. */
async function tryOut(errand: Errand, deps: WireOrdersDeps): Promise<string | undefined> {
  try {
    await errand.walk(deps);
    return undefined;
  } catch (error) {
    return failureOf(errand.path, error);
  }
}

const never = (): never => {
  throw new Error('there is no outage here');
};

/** Longer than the deadlines of the stories that sleep through it, and the lateness that counts as ours. */
const OUTAGE_MS = 8_000;

/** Those who wait for an outage have one together, once each member waits for it or has left. */
function createRound(town: Town, members: number, outageMs: number) {
  let awaited = members;
  let isWanted = false;
  let begin = () => {};
  const over = new Promise<void>((resolve) => {
    begin = resolve;
  }).then(() => town.outage(new Promise((resolve) => setTimeout(resolve, outageMs))));

  return function member() {
    let isAwaited = true;
    const settle = () => {
      if (isAwaited) awaited--;
      isAwaited = false;
      if (awaited === 0 && isWanted) begin();
    };
    return {
      outage(): Promise<void> {
        isWanted = true;
        settle();
        return over;
      },
      leave: settle,
    };
  };
}
