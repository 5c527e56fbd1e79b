import type { Role } from '../../machines/common.ts';

export interface UserView {
  userId: string;
  role: Exclude<Role, 'system'>;
  name: string;
  email: string;
  storeId?: string;
  capacity?: number;
}

/** Answer of /v1/auth/register, login and refresh. A browser's refresh token is in a cookie instead. */
export interface AuthAnswer {
  accessToken: string;
  /** From now, ms. */
  expiresInMs: number;
  refreshToken?: string;
  user: UserView;
}
