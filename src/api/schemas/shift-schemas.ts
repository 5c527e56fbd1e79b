import { z } from 'zod';
import { SHIFT_EVENTS } from '../../../machines/shift-events.ts';
import { AppError } from '../../errors.ts';
import type { ShiftCommandInput } from '../../protocol/shifts.ts';
import { CommandId, Id, Instant, Seq, Text } from './common.ts';
import { parse } from './parse.ts';

/** Orders a driver can carry at once. */
export const MAX_CAPACITY = 2;

export const Capacity = z.number().int().min(1).max(MAX_CAPACITY);

export const StartShift = z.strictObject({ zone: Id, capacity: Capacity.optional() });

const PAYLOADS = {
  'shift.break': {},
  'shift.resume': {},
  'shift.pause': { untilAt: Instant },
  'shift.unpause': {},
  'shift.end': {},
} satisfies Record<ShiftCommandInput['type'], z.ZodRawShape>;

type CommandType = keyof typeof PAYLOADS;

const commandSchema = (type: CommandType) =>
  z.strictObject({ type: z.literal(type), ...reasonOf(type), ...PAYLOADS[type] });

/** One strict schema per command, by its type. */
export const SHIFT_COMMANDS = Object.fromEntries(
  (Object.keys(PAYLOADS) as CommandType[]).map((type) => [type, commandSchema(type)]),
) as Record<CommandType, ReturnType<typeof commandSchema>>;

/** Any command with its id, as HTTP and documents have it. */
export const ShiftCommandBody = z.union(
  Object.values(SHIFT_COMMANDS).map((schema) =>
    schema.extend({ commandId: CommandId, ifSeq: Seq.optional() }),
  ),
);

/**
 * A command by its own schema.
 * @throws {AppError} unknown_event, malformed
 */
export function parseShiftCommand(input: unknown): ShiftCommandInput {
  const { type } = parse(z.looseObject({ type: z.string().max(64) }), input);
  if (!Object.hasOwn(SHIFT_COMMANDS, type)) {
    throw new AppError('unknown_event', `there is no shift command of this type`, {
      details: { accepted: Object.keys(SHIFT_COMMANDS) },
    });
  }
  return parse(SHIFT_COMMANDS[type as CommandType], input) as ShiftCommandInput;
}

function reasonOf(type: CommandType): z.ZodRawShape {
  switch (SHIFT_EVENTS[type].reason) {
    case 'required':
      return { reason: Text(200) };
    case 'optional':
      return { reason: Text(200).optional() };
    case 'none':
      return {};
  }
}
