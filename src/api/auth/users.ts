import { Schema } from 'mongoose';
import type { CollectionSpec } from '../../documents.ts';

export const USER_ROLES = ['customer', 'driver', 'operator', 'store'] as const;
export type UserRole = (typeof USER_ROLES)[number];

export interface User {
  _id: string;
  /** Lower case; unique. */
  email: string;
  role: UserRole;
  name: string;
  /** Of a store's own people. */
  storeId?: string;
  /** Orders a driver carries at once: 1 or 2. */
  capacity?: number;
  banned?: boolean;
  /** The last time: what other nodes look for. */
  bannedAt?: number;
  /** argon2id, with its salt and parameters. */
  passwordHash: string;
  createdAt: number;
}

/** One login on one device: its refresh token changes with every use. */
export interface Session {
  _id: string;
  userId: string;
  /** SHA-256 of the present refresh token. */
  tokenHash: string;
  /** The one before, and when it was replaced: an answer may have been lost on the way. */
  previousHash?: string;
  rotatedAt?: number;
  expiresAt: number;
}

export const USERS: CollectionSpec<User> = {
  name: 'users',
  schema: new Schema({
    email: { type: String, required: true },
    role: { type: String, enum: USER_ROLES, required: true },
    name: { type: String, required: true },
    storeId: String,
    capacity: Number,
    banned: Boolean,
    bannedAt: Date,
    passwordHash: { type: String, required: true },
    createdAt: { type: Date, required: true },
  }),
  unique: [['email']],
  indexes: [['role'], ['bannedAt']],
};

export const SESSIONS: CollectionSpec<Session> = {
  name: 'sessions',
  schema: new Schema({
    userId: { type: String, required: true },
    tokenHash: { type: String, required: true },
    previousHash: String,
    rotatedAt: Date,
    expiresAt: { type: Date, required: true },
  }),
  unique: [['tokenHash']],
  indexes: [['previousHash'], ['userId']],
  expires: { field: 'expiresAt', afterSeconds: 0 },
};
