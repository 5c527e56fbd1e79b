import { z } from 'zod';
import { REJECT_REASONS } from '../../../machines/order-types.ts';
import type { Requests } from '../../protocol/messages.ts';
import { CommandId, Id, Instant, Nothing, Place, Seq, Text } from './common.ts';
import { PlaceOrderBody } from './order-schemas.ts';
import { StartShift } from './shift-schemas.ts';

const offer = { orderId: Id, offerId: Id, commandId: CommandId };
const AboutOffer = z.strictObject(offer);
const AnswerOffer = AboutOffer.extend({ tappedAt: Instant.optional() });
const JustCommand = z.strictObject({ commandId: CommandId });

/** What each message of a client must look like; a command's own payload has a schema per type. */
export const SOCKET_SCHEMAS = {
  'order:place': PlaceOrderBody.extend({ idempotencyKey: CommandId }),
  'order:watch': z.strictObject({ orderId: Id, sinceSeq: Seq.optional() }),
  'order:unwatch': z.strictObject({ orderId: Id }),
  'order:command': z.looseObject({
    ...{ orderId: Id, commandId: CommandId, ifSeq: Seq.optional() },
  }),
  'offer:seen': AboutOffer,
  'offer:accept': AnswerOffer,
  'offer:reject': AnswerOffer.extend({ reason: z.enum(REJECT_REASONS) }),
  'shift:start': StartShift.extend({ commandId: CommandId }),
  'shift:break': JustCommand,
  'shift:resume': JustCommand,
  'shift:end': z.strictObject({ commandId: CommandId, reason: Text(200).optional() }),
  'driver:position': Place,
  'ops:watch': z.strictObject({ zone: Id.optional() }),
  'ops:unwatch': Nothing,
  'session:refresh': z.strictObject({ token: z.string().min(1).max(4_096) }),
} satisfies Record<keyof Requests, z.ZodType>;
