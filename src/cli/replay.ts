import { Command } from 'commander';
import type { Actor, Role } from '../../machines/common.ts';
import { replay } from '../engine/replay.ts';
import type { ActorEvent, JsonObject } from '../engine/types.ts';
import { eventsOf, type Life, type Verdict, whatIf } from '../verify/what-if.ts';
import { lifeOf } from './life.ts';
import { BadInput } from './with-storage.ts';

interface Options {
  at?: string;
  try?: string;
  payload?: string;
  by?: string;
}

/** `waybill replay ORDER`: one history through its machine, step by step; with --try, what might have been. */
export const replayCommand = (): Command =>
  new Command('replay')
    .description('one order, step by step: when, what, by whom, from → to, what was held')
    .argument('<order>', 'the id of an order or a shift, or a file that `waybill export` wrote')
    .option('--at <seq>', 'only up to this step; 0 is before the first')
    .option('--try <event>', 'say what the machine would have done with this event then')
    .option('--payload <json>', "the event's fields; what is left out is as legal as can be there")
    .option('--by <role:id>', 'who sends it; left out: someone who may')
    .action(async (target: string, options: Options) => {
      if (options.try === undefined && (options.payload ?? options.by) !== undefined) {
        throw new BadInput('--payload and --by belong to an event: expected --try EVENT');
      }
      const life = await lifeOf(target);
      const seq = seqOf(options.at, life.history.length);
      const says =
        options.try === undefined
          ? describeLife(life, seq)
          : describeVerdict(seq, answer(life, seq, options.try, options));
      process.stdout.write(`${says}\n`);
    });

function answer(life: Life, seq: number, event: string, { by, payload }: Options): Verdict {
  const question = {
    ...{ seq, event: eventOf(event, life) },
    ...(by === undefined ? {} : { by: senderOf(by) }),
    ...(payload === undefined ? {} : { payload: payloadOf(payload) }),
  };
  try {
    return whatIf(life, question);
  } catch (error) {
    // The machine trusts its doors to have checked a payload's shape.
    if (payload === undefined || !(error instanceof TypeError)) throw error;
    throw new BadInput(
      `--payload ${payload}: expected fields as ${event} has them; --try alone shows them`,
    );
  }
}

function seqOf(at: string | undefined, last: number): number {
  if (at === undefined) return last;
  const seq = Number(at);
  if (/^\d+$/.test(at) && seq <= last) return seq;
  throw new BadInput(`--at ${at}: expected a step from 0 to ${last}`);
}

function eventOf(event: string, { kind }: Life): string {
  const known = eventsOf(kind.name);
  if (known.includes(event)) return event;
  throw new BadInput(`--try ${event}: expected one of ${known.join(', ')}`);
}

const ROLES: readonly Role[] = ['customer', 'driver', 'operator', 'store', 'system'];

function senderOf(by: string): Actor {
  const [role = '', ...id] = by.split(':');
  if (ROLES.includes(role as Role)) return { role: role as Role, id: id.join(':') || role };
  throw new BadInput(`--by ${by}: expected ROLE:ID, with a role of ${ROLES.join(', ')}`);
}

function payloadOf(text: string): JsonObject {
  try {
    const payload = JSON.parse(text);
    if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) return payload;
  } catch {
    // Said below.
  }
  throw new BadInput(`--payload ${text}: expected a JSON object such as {"reason":"by hand"}`);
}

function describeLife({ kind, id, machineVersion, history }: Life, last: number): string {
  const rows: string[][] = [
    ['#', 'time', 'took', 'event', 'by', 'from → to', 'holds taken (+) and given back (−)'],
  ];
  let previousAt: number | undefined;
  let state = history[0]?.from ?? '';
  for (const { entry, before, after } of replay(kind, id, machineVersion, history)) {
    const { seq, at, event, by, from, to } = entry;
    if (seq > last) break;
    rows.push([
      String(seq),
      new Date(at).toISOString(),
      previousAt === undefined ? '' : duration(at - previousAt),
      `${event.type}${detailOf(event)}`,
      `${by.role} ${short(by.id)}`,
      from === to ? from : `${from} → ${to}`,
      holdChanges(kind.holdsOf(before), kind.holdsOf(after)),
    ]);
    previousAt = at;
    state = to;
  }
  return `${table(rows)}\n${rows.length - 1} steps on machine version ${machineVersion}; now ${state}`;
}

function describeVerdict(seq: number, verdict: Verdict): string {
  const { event, state } = verdict;
  const { type, at, by, ...payload } = event;
  const asked = [
    `after #${seq}, in ${state}, at ${new Date(at).toISOString()}`,
    `${type} by ${by.role} ${short(by.id)}${Object.keys(payload).length > 0 ? ` ${asJson(withoutPin(payload))}` : ''}`,
  ];
  if (!verdict.taken) {
    const { code, message, accepted } = verdict;
    return [
      ...asked,
      `refused: ${code}: ${short(message)}`,
      `this sender could send: ${accepted.join(', ') || 'nothing'}`,
    ].join('\n');
  }
  const { to, changes, holds, wakeAt, effects, result } = verdict;
  const given = [
    ...holds.taken.map((hold) => `+${short(hold)}`),
    ...holds.given.map((hold) => `−${short(hold)}`),
  ];
  return [
    ...asked,
    `taken: ${state} → ${to}`,
    table([
      ...changes
        .filter(([field]) => field !== 'pin' && field !== 'policy')
        .map(([field, was, is]) => ['  changes', field, `${asJson(was)} → ${asJson(is)}`]),
      ['  holds', '', given.join(' ') || 'as before'],
      ['  wakes', '', wakeAt === undefined ? 'never' : new Date(wakeAt).toISOString()],
      [
        '  effects',
        '',
        effects.map((effect) => `${effect.type} ${asJson(effect.payload)}`).join('; ') || 'none',
      ],
      ['  answers', '', asJson(result)],
    ]),
  ].join('\n');
}

/** A PIN is nobody's to read. */
const withoutPin = ({ pin, ...rest }: JsonObject): JsonObject =>
  pin === undefined ? rest : { ...rest, pin: '…' };

const asJson = (value: unknown): string => short(JSON.stringify(value) ?? 'none');

/** What tells this event from others of its type; never a PIN, an address or a note. */
function detailOf(event: ActorEvent): string {
  const { driverId, offerId, reason, offers } = event;
  const named = Array.isArray(offers)
    ? offers.map((offer) => (offer as { driverId: string }).driverId)
    : [driverId, offerId, reason].filter((value) => typeof value === 'string');
  return named.length > 0 ? ` (${named.map((name) => short(String(name))).join(', ')})` : '';
}

function holdChanges(before: readonly string[], after: readonly string[]): string {
  const taken = after.filter((hold) => !before.includes(hold)).map((hold) => `+${short(hold)}`);
  const given = before.filter((hold) => !after.includes(hold)).map((hold) => `−${short(hold)}`);
  return [...taken, ...given].join(' ');
}

/** Ids by their end, which tells them apart; whatever else there is as it is. */
const short = (text: string): string =>
  text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{6}(?=[0-9a-f]{6})/g, '…');

const duration = (ms: number): string =>
  ms < 10_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;

/** Columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
