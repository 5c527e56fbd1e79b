import { v5 } from 'uuid';
import { pauseOf, shiftHold, shiftOf } from '../../../machines/shift-readers.ts';
import type { StoredActor } from '../../engine/store.ts';
import type { Command, JsonObject } from '../../engine/types.ts';
import { AppError, isAppError } from '../../errors.ts';
import type { CommandAnswer } from '../../protocol/commands.ts';
import type { ShiftCommandInput, ShiftView } from '../../protocol/shifts.ts';
import type { Claims } from '../auth/tokens.ts';
import type { ApiContext } from '../context.ts';
import { presentShift, type ShiftAt } from '../presenters/present-others.ts';
import type { TellMovedOn } from './moved-on.ts';
import { principalOf } from './people.ts';

/** What people do with shifts, whichever door they come through. */
export interface Shifts {
  /**
   * Puts a driver on duty, once per command.
   * @throws {AppError} driver_busy when a shift is open, not_found for the zone, and what `engine.send` throws
   */
  start(
    user: Claims,
    input: { zone: string; capacity?: number | undefined },
    commandId: string,
  ): Promise<CommandAnswer & { shift: ShiftView }>;
  /**
   * To a driver's own shift.
   * @param ifSeq taken only while the shift is at this step
   * @throws {AppError} not_found, moved_on and what `engine.send` throws
   */
  commandOwn(
    user: Claims,
    input: ShiftCommandInput,
    commandId: string,
    ifSeq?: number,
  ): Promise<CommandAnswer>;
  /**
   * @param ifSeq taken only while the shift is at this step
   * @throws {AppError} moved_on and what `engine.send` throws
   */
  command(
    user: Claims,
    shiftId: string,
    input: ShiftCommandInput,
    commandId: string,
    ifSeq?: number,
  ): Promise<CommandAnswer>;
  /** As its driver and the operators see it; of a paused one, why it is. */
  present(shift: ShiftAt): Promise<ShiftView>;
  /** The driver's open shift. */
  current(driverId: string): Promise<ShiftView | undefined>;
  /** Takes a driver off duty who is on it. */
  endFor(driverId: string, by: Claims, reason: string): Promise<void>;
}

const SHIFTS_OF_DRIVERS = '0f6f3f6c-8f5d-4f0e-8f55-0f1f1b8f2b9d';
/** A retry of `shift.end` may come when the next shift has begun already: it must not end that one. */
const RETRIED_SHIFTS = 3;

export function createShifts(
  { engine, store, catalog, accounts }: ApiContext,
  movedOn: TellMovedOn,
): Shifts {
  async function openShift(driverId: string): Promise<StoredActor | undefined> {
    const [shift] = await store.findByHolds('shift', [shiftHold(driverId)]);
    return shift;
  }

  async function present(shift: ShiftAt): Promise<ShiftView> {
    const isPaused = shiftOf(shift.snapshot).pausedUntil !== null;
    return presentShift(
      shift,
      isPaused ? pauseOf(await store.history('shift', shift.id, 0, shift.seq)) : undefined,
    );
  }

  /** The shift a driver means: the one that took this command before, else the open one, else the last. */
  async function meant(driverId: string, commandId: string): Promise<StoredActor | undefined> {
    const shifts = await store.list('shift', { driverId }, { limit: RETRIED_SHIFTS });
    for (const shift of shifts) {
      if (await store.findCommand('shift', shift.id, commandId)) return shift;
    }
    return (await openShift(driverId)) ?? shifts[0];
  }

  async function command(
    user: Claims,
    id: string,
    input: ShiftCommandInput,
    commandId: string,
    ifSeq?: number,
  ): Promise<CommandAnswer> {
    try {
      const { seq, state } = await engine.send({
        ...{ kind: 'shift', id, by: principalOf(user), commandId },
        command: input as unknown as Command,
        ...(ifSeq === undefined ? {} : { ifSeq }),
      });
      return { id, seq, commandId, state };
    } catch (error) {
      if (ifSeq === undefined || !isAppError(error, 'version_conflict')) throw error;
      throw await movedOn(user, 'shift', id, ifSeq);
    }
  }

  return {
    async start(user, { zone, capacity }, commandId) {
      const driverId = user.userId;
      const shiftId = v5(`${driverId}/${commandId}`, SHIFTS_OF_DRIVERS);
      const most = (await accounts.get(driverId))?.capacity ?? 1;
      const policy = await catalog.shiftPolicy(zone);
      const { seq, state } = await engine.send({
        kind: 'shift',
        id: shiftId,
        command: {
          type: 'shift.start',
          ...{ shiftId, driverId, zone, capacity: Math.min(capacity ?? most, most) },
          policy: { ...policy },
        },
        by: principalOf(user),
        // What the driver said: account and policy may have changed before a retry.
        fingerprint: { type: 'shift.start', zone, capacity } satisfies JsonObject,
        commandId,
      });
      const shift = await engine.read('shift', shiftId);
      if (!shift) throw new Error(`shift ${shiftId} was committed and is not there`);
      return { id: shiftId, seq, commandId, state, shift: await present(shift) };
    },

    async commandOwn(user, input, commandId, ifSeq) {
      const shift = await meant(user.userId, commandId);
      if (!shift) throw new AppError('not_found', 'you have no shift; start one');
      return command(user, shift.id, input, commandId, ifSeq);
    },

    command,
    present,

    async current(driverId) {
      const shift = await openShift(driverId);
      return shift && present(shift);
    },

    async endFor(driverId, by, reason) {
      const shift = await openShift(driverId);
      if (!shift) return;
      await command(by, shift.id, { type: 'shift.end', reason }, `${reason}/${shift.id}`);
    },
  };
}
