import { z } from 'zod';
import { ORDER_EVENTS } from '../../../machines/order-events.ts';
import { type OrderEventType, REJECT_REASONS } from '../../../machines/order-types.ts';
import { AppError } from '../../errors.ts';
import type { OrderCommandInput } from '../../protocol/commands.ts';
import { CommandId, Id, Instant, Place, Seq, Text } from './common.ts';
import { parse } from './parse.ts';

const MAX_METERS = 100_000;

export const PlaceOrderBody = z.strictObject({
  storeId: Id,
  items: z
    .array(z.strictObject({ productId: Id, quantity: z.number().int().min(1).max(99) }))
    .min(1)
    .max(50),
  dropoff: Place,
  address: Text(200),
  note: Text(200).optional(),
  searchAt: Instant.optional(),
});

/**
 * What people may send about an order, beside the reason that the event table asks for. `order.offer`
 * is the operators' way to `offer.open`: the offer's id and slot are the server's to choose.
 */
const PAYLOADS = {
  'search.start': {
    widenMeters: z.number().min(0).max(MAX_METERS).optional(),
    clearExcluded: z.boolean().optional(),
    mode: z.enum(['sequential', 'broadcast', 'manual']).optional(),
  },
  'offer.seen': { offerId: Id },
  'offer.accept': { offerId: Id, tappedAt: Instant.optional() },
  'offer.reject': { offerId: Id, reason: z.enum(REJECT_REASONS), tappedAt: Instant.optional() },
  'offer.withdraw': { driverId: Id },
  'order.offer': { driverId: Id },
  'order.assign': { driverId: Id },
  'order.release': {},
  'order.arriveStore': {},
  'store.ready': {},
  'order.pickUp': {},
  'order.arriveDoor': {},
  'order.deliver': {
    pin: z
      .string()
      .regex(/^\d{4}$/, 'must be four digits')
      .optional(),
  },
  'order.fail': {},
  'order.startReturn': {},
  'order.completeReturn': {},
  'order.cancel': {},
} satisfies Record<OrderCommandInput['type'], z.ZodRawShape>;

type CommandType = keyof typeof PAYLOADS;

const commandSchema = (type: CommandType) =>
  z.strictObject({
    type: z.literal(type),
    ...reasonOf(type === 'order.offer' ? 'offer.withdraw' : type),
    ...PAYLOADS[type],
  });

/** One strict schema per command, by its type. */
export const ORDER_COMMANDS = Object.fromEntries(
  (Object.keys(PAYLOADS) as CommandType[]).map((type) => [type, commandSchema(type)]),
) as Record<CommandType, ReturnType<typeof commandSchema>>;

/** Any command with its id, as HTTP and documents have it. */
export const OrderCommandBody = z.union(
  Object.values(ORDER_COMMANDS).map((schema) =>
    schema.extend({ commandId: CommandId, ifSeq: Seq.optional() }),
  ),
);

/**
 * A command by its own schema.
 * @throws {AppError} unknown_event, malformed
 */
export function parseOrderCommand(input: unknown): OrderCommandInput {
  const { type } = parse(z.looseObject({ type: z.string().max(64) }), input);
  if (!Object.hasOwn(ORDER_COMMANDS, type)) {
    throw new AppError('unknown_event', `there is no order command of this type`, {
      details: { accepted: Object.keys(ORDER_COMMANDS) },
    });
  }
  return parse(ORDER_COMMANDS[type as CommandType], input) as OrderCommandInput;
}

/** The `reason` that the event table asks for. */
function reasonOf(type: OrderEventType): z.ZodRawShape {
  switch (ORDER_EVENTS[type].reason) {
    case 'required':
      return { reason: Text(200) };
    case 'optional':
      return { reason: Text(200).optional() };
    case 'none':
      return {};
  }
}
