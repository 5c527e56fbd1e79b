import { type Accounts, createAccounts } from '../api/auth/accounts.ts';
import { createPasswords } from '../api/auth/passwords.ts';
import { createSessions } from '../api/auth/sessions.ts';
import { createTokens, type Tokens } from '../api/auth/tokens.ts';
import type { Config } from '../config.ts';
import type { OpenDocuments } from '../documents.ts';
import type { Clock } from '../engine/clock.ts';
import { systemIds } from '../engine/system-clock.ts';
import { developmentSecret } from '../storage/data-folder.ts';

/** Accounts and tokens, for the server and for the commands that make accounts. */
export async function createPeople(deps: {
  config: Config;
  open: OpenDocuments;
  clock: Clock;
}): Promise<{ accounts: Accounts; tokens: Tokens }> {
  const { config, open, clock } = deps;
  const secret = config.jwtSecret ?? (await developmentSecret(config.dataDir));
  const tokens = createTokens({ secret, expiresMs: config.jwtExpiresMs, clock });
  const ids = systemIds;
  const sessions = createSessions({
    ...{ open, clock, ids, secret, expiresMs: config.refreshExpiresMs },
  });
  const passwords = createPasswords();
  return { tokens, accounts: createAccounts({ open, clock, ids, passwords, sessions, tokens }) };
}
