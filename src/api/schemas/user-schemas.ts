import { z } from 'zod';
import { Id, Text } from './common.ts';
import { Capacity } from './shift-schemas.ts';

const Email = z.email().max(254);
/** NIST: length counts, composition does not; the upper bound keeps hashing cheap. */
const NewPassword = z.string().min(10).max(200);

export const RegisterBody = z.strictObject({
  email: Email,
  password: NewPassword,
  name: Text(100),
});

export const LoginBody = z.strictObject({ email: Email, password: z.string().min(1).max(200) });

/** A browser's refresh token is in a cookie instead, one for each role that is signed in there. */
export const RefreshBody = z.strictObject({
  refreshToken: z.string().min(1).max(512).optional(),
  role: z.enum(['customer', 'driver', 'operator', 'store']).default('customer'),
});

/** Accounts that operators make; customers make their own. */
export const NewUserBody = z.discriminatedUnion('role', [
  z.strictObject({ ...RegisterBody.shape, role: z.literal('operator') }),
  z.strictObject({
    ...RegisterBody.shape,
    role: z.literal('driver'),
    capacity: Capacity.optional(),
  }),
  z.strictObject({ ...RegisterBody.shape, role: z.literal('store'), storeId: Id }),
]);

export const BanBody = z.strictObject({ banned: z.boolean() });
