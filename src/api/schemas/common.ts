import { z } from 'zod';

/** Ids are ours or printable text of the sender's choice. */
export const Id = z.string().min(1).max(128);

/** What a retry is recognised by. */
export const CommandId = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable characters without spaces');

export const Place = z.strictObject({
  lat: z.number().min(-90).max(90),
  lng: z.number().min(-180).max(180),
});

/** Free text that somebody else will read. */
export const Text = (max: number) => z.string().trim().min(1).max(max);

/** Epoch ms. */
export const Instant = z.number().int().min(0).max(8.64e15);

export const Seq = z.number().int().min(0).max(1_000_000);

/** Numbers and flags of a query string, where everything is text. */
export const QueryNumber = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
export const QueryFlag = z.enum(['true', 'false']).transform((text) => text === 'true');

export const Nothing = z.strictObject({});
