import { Schema } from 'mongoose';
import { contextOf } from '../../machines/order-readers.ts';
import type { AlarmKind } from '../../machines/order-types.ts';
import type { CollectionSpec, OpenDocuments } from '../documents.ts';
import type { StoredActor } from '../engine/store.ts';
import { AppError } from '../errors.ts';

/** Something an operator must see until it is dealt with. */
export interface Alarm {
  /** `subject:alarm`, so that one thing raises one alarm however often it is said. */
  _id: string;
  alarm: string;
  orderId?: string;
  driverId?: string;
  zone?: string;
  open: boolean;
  /** When it was raised, the last time. */
  since: number;
  detail?: string;
  /** Of an order's alarm: the order's seq that it was read from. */
  seq?: number;
  clearedAt?: number;
  acknowledgedBy?: string;
  acknowledgedAt?: number;
  snoozedUntil?: number;
  /** The operator who has it in hand. */
  claimedBy?: string;
}

export interface Alarms {
  /** Brings an order's alarm record in line with the order itself; harmless to repeat, in any order. */
  follow(order: StoredActor, alarm: string): Promise<void>;
  /** Raises an alarm that no order has in its state. Idempotent while it is open. */
  raise(alarm: {
    subject: string;
    alarm: string;
    orderId?: string;
    driverId?: string;
    zone?: string;
    detail?: string;
  }): Promise<void>;
  clear(subject: string, alarm: string): Promise<void>;
  isOpen(orderId: string, alarm: string): Promise<boolean>;
  /** Oldest first. */
  list(filter: { open?: boolean; zone?: string; alarm?: string; limit: number }): Promise<Alarm[]>;
  /** Whoever was first stays named. @throws {AppError} not_found */
  acknowledge(id: string, by: string): Promise<Alarm>;
  /** @throws {AppError} not_found */
  snooze(id: string, until: number): Promise<Alarm>;
  /**
   * "I've got it": one operator at a time.
   * @param from whom it is taken over from; if it is somebody else's by now, that one keeps it
   * @throws {AppError} not_found, illegal_transition
   */
  claim(id: string, by: string, from?: string): Promise<Alarm>;
  /** Out of this operator's hand, if it is in it. Idempotent. @throws {AppError} not_found */
  giveBack(id: string, by: string): Promise<Alarm>;
}

const ALARMS: CollectionSpec<Alarm> = {
  name: 'alarms',
  schema: new Schema({
    alarm: { type: String, required: true },
    orderId: String,
    driverId: String,
    zone: String,
    open: { type: Boolean, required: true },
    since: { type: Number, required: true },
    detail: String,
    seq: Number,
    clearedAt: Date,
    acknowledgedBy: String,
    acknowledgedAt: Date,
    snoozedUntil: Number,
    claimedBy: String,
  }),
  indexes: [['open', 'since']],
  // Long enough for a look back; open ones have no `clearedAt` and stay.
  expires: { field: 'clearedAt', afterSeconds: 30 * 86_400 },
};

/** Nobody has acknowledged, snoozed or claimed what is raised anew. */
const ANEW = {
  clearedAt: undefined,
  acknowledgedBy: undefined,
  acknowledgedAt: undefined,
  snoozedUntil: undefined,
  claimedBy: undefined,
} as const;

export function createAlarms(deps: { open: OpenDocuments; clock: { now(): number } }): Alarms {
  const alarms = deps.open(ALARMS);
  const { clock } = deps;

  async function read(id: string): Promise<Alarm> {
    const alarm = await alarms.get(id);
    if (!alarm) throw new AppError('not_found', `no alarm ${id}`);
    return alarm;
  }

  return {
    async follow({ id: orderId, seq, state, snapshot }, alarm) {
      const { alarms: present, zone } = contextOf(snapshot);
      const _id = `${orderId}:${alarm}`;
      const since = clock.now();
      const open = present.includes(alarm as AlarmKind);
      const of = { orderId, zone, detail: state };
      const now = open ? { ...of, open, since, seq } : { open, clearedAt: since, seq };
      // A clear that comes before its raise leaves a record too, or the raise would open one for good.
      if (await alarms.insert({ _id, alarm, ...of, since, ...now })) return;
      const older = { seq: { lt: seq } };
      // What was read later counts. Between the two someone who read earlier may turn it round.
      for (;;) {
        const turned = { ...(open ? ANEW : {}), ...now };
        if (await alarms.update(_id, turned, { open: !open, ...older })) return;
        if (await alarms.update(_id, { seq }, { open, ...older })) return;
        const known = (await alarms.get(_id))?.seq ?? seq;
        if (known >= seq) return;
      }
    },

    async raise({ subject, alarm, ...of }) {
      const _id = `${subject}:${alarm}`;
      const raised = { open: true, since: clock.now(), ...of };
      if (await alarms.insert({ _id, alarm, ...raised })) return;
      await alarms.update(_id, { ...ANEW, ...raised }, { open: false });
    },

    async clear(subject, alarm) {
      await alarms.update(
        `${subject}:${alarm}`,
        { open: false, clearedAt: clock.now() },
        { open: true },
      );
    },

    isOpen: async (orderId, alarm) => (await alarms.get(`${orderId}:${alarm}`))?.open === true,

    list: ({ limit, ...where }) => alarms.find(where, { sort: ['since', 1], limit }),

    async acknowledge(id, by) {
      const seen = { acknowledgedBy: by, acknowledgedAt: clock.now() };
      await alarms.update(id, seen, { acknowledgedBy: undefined });
      return read(id);
    },
    async snooze(id, until) {
      await alarms.update(id, { snoozedUntil: until });
      return read(id);
    },

    async claim(id, by, from) {
      const wasFree = await alarms.update(id, { claimedBy: by }, { claimedBy: undefined });
      if (!wasFree && from !== undefined) {
        await alarms.update(id, { claimedBy: by }, { claimedBy: from });
      }
      const alarm = await read(id);
      if (wasFree || alarm.claimedBy === by) return alarm;
      throw new AppError('illegal_transition', `${alarm.claimedBy} has it in hand already`, {
        details: { claimedBy: alarm.claimedBy },
      });
    },

    async giveBack(id, by) {
      await alarms.update(id, { claimedBy: undefined }, { claimedBy: by });
      return read(id);
    },
  };
}
