import { REJECT_REASONS } from '../../machines/order-types.ts';
import type { ActorKind } from '../engine/actor-kind.ts';
import { decide, initialSnapshot, machineOf, persisted } from '../engine/live-actor.ts';
import type { ActorEvent, HistoryEntry, Json, JsonObject } from '../engine/types.ts';
import type { Recording } from './recording.ts';

/** Some kilometre: enough to know which part of town. */
const ROUGH_DEGREES = 0.01;
const MASKED = 'masked';
/** Words that tell of nobody; whatever else an event says is blank. Ids have their names. */
const KEPT: ReadonlySet<string> = new Set(['type', 'role', 'id', 'zone', 'currency', 'mode']);

/**
 * A history that says nothing of the people in it, and takes the same way: every id has another name, the
 * same one throughout; addresses, notes, names of goods, free reasons and every word that is not known to be
 * harmless are blank; points are rough; the PIN is 0000 and every wrong one 9999. Only events are masked: all
 * else is replayed from them.
 * @throws Error when the masked history would go another way, or the history does not replay at all
 */
export function maskHistory(
  kind: ActorKind,
  id: string,
  machineVersion: number,
  history: readonly HistoryEntry[],
): Recording {
  const machine = machineOf(kind, machineVersion, id);
  const nameOf = pseudonymsOf(id, history);
  const pin = history[0]?.event.pin;
  let before = initialSnapshot(machine);
  const masked = history.map((entry, index): HistoryEntry => {
    const event = maskEvent(entry.event, nameOf, pin);
    const after = decide(machine, before, event);
    const from = kind.stateOf(before);
    const to = after && kind.stateOf(after);
    if (!after || to !== entry.to || from !== entry.from) {
      throw new Error(
        `${kind.name} ${id}: #${entry.seq} ${event.type} goes ${from} → ${to ?? 'nowhere'}, not ${entry.from} → ${entry.to}`,
      );
    }
    const result = kind.resultOf(before, event, after);
    before = after;
    return {
      ...{ seq: entry.seq, at: entry.at, event, from, to, by: event.by },
      ...{ commandId: `command-${index + 1}`, payloadHash: '', result },
    };
  });
  return {
    ...{ kind: kind.name, machineVersion, history: masked },
    holds: kind.holdsOf(before),
    snapshot: persisted(machine, before),
  };
}

type NameOf = (id: string) => string | undefined;

/** `driver-2`, `offer-1`, …: by who or what it is, in the order in which they turn up. */
function pseudonymsOf(actorId: string, history: readonly HistoryEntry[]): NameOf {
  const names = new Map<string, string>([[actorId, 'actor-1']]);
  const counts = new Map<string, number>();
  const name = (sort: string, id: Json | undefined) => {
    if (typeof id !== 'string' || names.has(id)) return;
    counts.set(sort, (counts.get(sort) ?? 0) + 1);
    names.set(id, `${sort}-${counts.get(sort)}`);
  };
  for (const { event } of history) {
    if (event.by.role !== 'system') name(event.by.role, event.by.id);
    visit(event, (key, value) => {
      if (key.endsWith('Id')) name(key.slice(0, -'Id'.length), value);
    });
  }
  return (id) => names.get(id);
}

/** Every field of every object in it. */
function visit(
  value: Json | undefined,
  tell: (key: string, value: Json | undefined) => void,
): void {
  if (Array.isArray(value)) for (const each of value) visit(each, tell);
  else if (value !== null && typeof value === 'object') {
    for (const [key, field] of Object.entries(value)) {
      tell(key, field);
      visit(field, tell);
    }
  }
}

function maskEvent(event: ActorEvent, nameOf: NameOf, pin: Json | undefined): ActorEvent {
  const isFree = event.by.role !== 'system' && !isListed(event.reason);
  return maskFields(event) as ActorEvent;

  function maskFields(value: Json | undefined): Json | undefined {
    if (typeof value === 'string') return nameOf(value) ?? MASKED;
    if (Array.isArray(value)) return value.map((each) => maskFields(each) ?? null);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, field]) => [key, maskField(key, field)]),
    ) as JsonObject;
  }

  function maskField(key: string, field: Json | undefined): Json | undefined {
    switch (key) {
      case 'pin':
        return typeof field === 'string' ? (field === pin ? '0000' : '9999') : field;
      case 'reason':
        return isFree && typeof field === 'string' && field.trim() !== '' ? MASKED : field;
      case 'lat':
      case 'lng':
        return Number((Math.round(Number(field) / ROUGH_DEGREES) * ROUGH_DEGREES).toFixed(2));
      default:
        if (typeof field !== 'string' || !KEPT.has(key)) return maskFields(field);
        return nameOf(field) ?? field;
    }
  }
}

const isListed = (reason: Json | undefined): boolean =>
  (REJECT_REASONS as readonly unknown[]).includes(reason);
