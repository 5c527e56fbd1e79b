import type { Actor } from '../../machines/common.ts';
import { initialState } from '../../machines/pure-step.ts';
import { ORDER_COMMANDS } from '../../src/api/schemas/order-schemas.ts';
import { SHIFT_COMMANDS } from '../../src/api/schemas/shift-schemas.ts';
import {
  type ApiServer,
  buildPlaceOrder,
  type Member,
  STORE,
  startApiServer,
} from '../support/api-server.ts';
import { connectLive, type LiveSocket, Refused } from '../support/live-socket.ts';
import { KINDS, MACHINES, type MachineName } from './levels.ts';
import { type Cast, letGo, type Stage } from './matrix-cast.ts';
import { type Attempt, attemptsIn, eventFor, matrixStates, refusalFor } from './matrix-cells.ts';
import { bringInto, type Tried } from './matrix-engine.ts';
import { cellName, goldenCells } from './matrix-golden.ts';

export type Door = 'http' | 'sockets';
const DOORS: readonly Door[] = ['http', 'sockets'];
/** States that are tried at the same time, each with people of its own: everyone may send 20 a second. */
const AT_ONCE = 5;

/** A person; connected, where the door is a socket. */
interface Guest extends Member {
  live?: LiveSocket;
}

/** Every cell of people through both doors: nobody can be the system there, so its cells are the engine's. */
export async function tryOnApi(machine: MachineName): Promise<Tried[]> {
  const server = await startApiServer();
  const tried = DOORS.map((door): Tried => ({ where: `${machine}: ${door}`, cells: 0, wrong: [] }));
  const states = matrixStates(machine);
  const work = async () => {
    for (let state = states.shift(); state; state = states.shift()) {
      for (const [index, door] of DOORS.entries()) {
        // New people each time: whoever had a shift once is no longer one without.
        const people = await invite(server, door);
        await tryState(server, machine, state, people, door, tried[index] as Tried);
        for (const guest of people.guests.values()) guest.live?.close();
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    await server.close();
  }
  return tried;
}

interface People {
  cast: Cast;
  /** By the id that the engine knows them under. */
  guests: Map<string, Guest>;
}

async function invite(server: ApiServer, door: Door): Promise<People> {
  const guests = new Map<string, Guest>();
  const guest = async (
    role: Member['user']['role'],
    more: { storeId?: string } = {},
  ): Promise<Actor> => {
    const member = await server.member(role, more);
    const id = member.user._id;
    const live = door === 'sockets' ? { live: await welcomed(server.url, member.token) } : {};
    guests.set(id, { ...member, ...live });
    return { role, id };
  };
  const [customer, driver, operator, other] = [
    await guest('customer'),
    await guest('driver'),
    await guest('operator'),
    await guest('driver'),
  ];
  const strangers = {
    customer: await guest('customer'),
    driver: await guest('driver'),
    store: await guest('store', { storeId: 'baixa-2' }),
  };
  const store = await guest('store', { storeId: STORE.storeId });
  await server.drive(guests.get(other.id) as Guest);
  return { cast: { customer, store, driver, operator, other, strangers }, guests };
}

/** One address may open so many connections a second; then it waits. */
async function welcomed(url: string, token: string): Promise<LiveSocket> {
  for (;;) {
    try {
      return await connectLive(url, { auth: { token } });
    } catch (error) {
      if (!(error instanceof Refused) || error.data?.code !== 'rate_limited') throw error;
      await pause(Number(error.data.details?.retryAfterMs));
    }
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function tryState(
  server: ApiServer,
  machine: MachineName,
  state: string,
  { cast, guests }: People,
  door: Door,
  tried: Tried,
): Promise<void> {
  const { engine, store, clock } = server;
  const golden = goldenCells(machine);
  const stage: Stage = {
    ...{ store, clock },
    newId: () => crypto.randomUUID(),
    // People of a store act as the store.
    send: (kind, id, by, command) => engine.send({ kind, id, by: asPrincipal(by), command }),
  };
  const fresh = () => bringInto(machine, state, inEngine, stage, false);
  const inEngine = { ...cast, store: asPrincipal(cast.store) };
  let id = await fresh();
  const attempts = attemptsIn(machine, state, cast).filter(({ role }) => role !== 'system');
  // Whoever has begun something has it from then on.
  const isBirth = ({ event }: Attempt) => event === KINDS[machine].birth;
  attempts.sort((a, b) => Number(isBirth(a)) - Number(isBirth(b)));
  for (const attempt of attempts) {
    // Operators speak HTTP about shifts: sockets have what a driver's phone says.
    const isOffered = machine === 'order' || door === 'http' || attempt.role === 'driver';
    const isAllowed = isOffered && golden.has(cellName(attempt));
    const expected = isAllowed ? 'taken' : apiRefusal(attempt, golden, door);
    const found = await outcome(attempt, isAllowed);
    tried.cells++;
    if (found !== expected) tried.wrong.push(`${cellName(attempt)}: ${found}, not ${expected}`);
    if (isAllowed) {
      await letGo(machine, id, inEngine, stage);
      id = await fresh();
    }
  }
  await letGo(machine, id, inEngine, stage);

  function asPrincipal(actor: Actor): Actor {
    const storeId = guests.get(actor.id)?.user.storeId;
    return storeId === undefined ? actor : { ...actor, id: storeId };
  }

  async function outcome(attempt: Attempt, isAllowed: boolean): Promise<string> {
    const guest = guests.get(attempt.by.id) as Guest;
    const before = await store.load(machine, id);
    const snapshot = before?.snapshot ?? initialState(MACHINES[machine]);
    const { at: _at, by: _by, ...command } = eventFor(attempt, snapshot);
    const input = asPeopleSayIt(command as Said, cast, clock.now());
    const bears = isAllowed && isBirth(attempt);
    const said = await patiently(() =>
      bears ? bear(guest, machine) : sendTo(guest, attempt, id, input),
    );
    if (bears) {
      const born = said.id ?? '';
      await letGo(machine, born, inEngine, stage);
      return said.code;
    }
    const moved = (await store.readSeq(machine, id)) - (before?.seq ?? 0);
    return moved === (said.code === 'taken' ? 1 : 0)
      ? said.code
      : `${said.code}, and seq moved by ${moved}`;
  }
}

type Said = { type: string } & Record<string, unknown>;
interface Answer {
  code: string;
  id?: string;
  retryAfterMs?: number;
}

/** The operators' way to `offer.open`; and nobody but dispatch chooses ids, slots and instants. */
function asPeopleSayIt(command: Said, cast: Cast, now: number): Said {
  const { type } = command;
  switch (type) {
    case 'offer.open':
      return { type: 'order.offer', driverId: cast.other.id, reason: 'by hand' };
    case 'order.assign':
      return { type, driverId: cast.other.id, reason: 'by hand' };
    case 'shift.pause':
      return { type, reason: 'by hand', untilAt: now + 3_600_000 };
    default:
      return command;
  }
}

async function sendTo(
  { user, http, live }: Guest,
  { machine, relation }: Attempt,
  id: string,
  input: Said,
): Promise<Answer> {
  const commandId = crypto.randomUUID();
  if (live) {
    if (machine === 'order')
      return heard(await live.ask('order:command', { ...input, orderId: id, commandId }));
    return heard(await live.ask(input.type.replace('.', ':'), { commandId }));
  }
  const isOwn = machine === 'shift' && user.role === 'driver' && relation === 'owner';
  const path = isOwn ? '/v1/shifts/current/commands' : `/v1/${machine}s/${id}/commands`;
  return read(await http('POST', path, { body: { ...input, commandId } }));
}

/** Placing an order, starting a shift: it makes its own id. */
async function bear({ http, live }: Guest, machine: MachineName): Promise<Answer> {
  const key = crypto.randomUUID();
  const order = buildPlaceOrder();
  const shift = { zone: STORE.zone, commandId: key };
  if (live) {
    return machine === 'order'
      ? heard(await live.ask('order:place', { ...order, idempotencyKey: key }))
      : heard(await live.ask('shift:start', shift));
  }
  return machine === 'order'
    ? read(await http('POST', '/v1/orders', { body: order, headers: { 'idempotency-key': key } }))
    : read(await http('POST', '/v1/shifts', { body: shift }));
}

interface Body {
  ok?: boolean;
  id?: string;
  error?: { code: string; details?: { retryAfterMs?: number } };
}

const read = ({ body }: { body: Body }): Answer => heard({ ...body, ok: body.error === undefined });

const heard = ({ ok, id, error }: Body): Answer =>
  ok
    ? { code: 'taken', ...(id ? { id } : {}) }
    : { code: error?.code ?? 'nothing', retryAfterMs: error?.details?.retryAfterMs ?? 0 };

/** Everyone may send so many a second; then they wait as they are told to. */
async function patiently(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer.code !== 'rate_limited') return answer;
    await pause(answer.retryAfterMs ?? 0);
  }
}

/**
 * What a refused cell is told at a door. There it also matters whether the door knows the event, and,
 * for shifts, whether it is open to the role at all.
 */
function apiRefusal(attempt: Attempt, golden: ReadonlySet<string>, door: Door): string {
  const { machine, event, role, relation, state } = attempt;
  if (machine === 'order') {
    const isKnown = event === 'offer.open' || Object.hasOwn(ORDER_COMMANDS, event);
    return isKnown ? refusalFor(attempt, golden) : 'unknown_event';
  }
  if (door === 'sockets') {
    if (event === 'shift.start') return role === 'driver' ? 'malformed' : 'forbidden';
    if (!SHIFT_MESSAGES.includes(event)) return 'unknown_event';
    if (role !== 'driver') return 'forbidden';
    return relation === 'owner' ? refusalFor(attempt, golden) : 'not_found';
  }
  const mayEnter = role === 'operator' || (role === 'driver' && relation === 'owner');
  if (!mayEnter) return 'forbidden';
  if (!Object.hasOwn(SHIFT_COMMANDS, event)) return 'unknown_event';
  return state === 'new' ? 'not_found' : refusalFor(attempt, golden);
}

/** What a driver's phone says about his own shift. */
const SHIFT_MESSAGES = ['shift.break', 'shift.resume', 'shift.end'];
