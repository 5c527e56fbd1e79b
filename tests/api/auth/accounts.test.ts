import { beforeEach, describe, expect, it } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { type Accounts, createAccounts } from '../../../src/api/auth/accounts.ts';
import { createPasswords } from '../../../src/api/auth/passwords.ts';
import { createSessions } from '../../../src/api/auth/sessions.ts';
import { createTokens, type Tokens } from '../../../src/api/auth/tokens.ts';
import { USERS } from '../../../src/api/auth/users.ts';
import type { OpenDocuments } from '../../../src/documents.ts';
import { openMemoryDocuments } from '../../../src/storage/memory-documents.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';

const SECRET = 'a secret that is long enough for its purpose';
const ann = { email: 'Ann@Example.org', password: 'correct horse', name: 'Ann' };

describe('accounts', () => {
  let clock: ManualClock;
  let open: OpenDocuments;
  let tokens: Tokens;
  let accounts: Accounts;
  const passwords = createPasswords();

  beforeEach(() => {
    clock = createManualClock();
    open = openMemoryDocuments(clock);
    let id = 0;
    const ids = { next: () => `id-${++id}` };
    tokens = createTokens({ secret: SECRET, expiresMs: 900_000, clock });
    const sessions = createSessions({ open, clock, ids, expiresMs: 86_400_000, secret: SECRET });
    accounts = createAccounts({ open, clock, ids, passwords, sessions, tokens });
  });

  it('[ACC1] registers customers, once per e-mail whatever its case', async () => {
    const { user, accessToken } = await accounts.register(ann);
    expect(user).toMatchObject({ email: 'ann@example.org', role: 'customer' });
    expect(tokens.verify(accessToken)).toMatchObject({ userId: user._id, role: 'customer' });
    await expect(accounts.register({ ...ann, email: 'ann@example.ORG ' })).rejects.toMatchObject({
      code: 'email_taken',
    });
    expect(JSON.stringify(await open(USERS).get(user._id))).not.toContain(ann.password);
  });

  it('[ACC8] gives who registers again under the same key the account that was made', async () => {
    const { user } = await accounts.register(ann, 'key-1');
    const again = await accounts.register({ ...ann, email: 'ann@example.org' }, 'key-1');
    expect(again.user).toEqual(user);
    expect(tokens.verify(again.accessToken)).toMatchObject({ userId: user._id });
    expect(await open(USERS).count({})).toBe(1);

    const twice = { ...ann, email: 'bob@example.org' };
    const [one, other] = await Promise.all([
      accounts.register(twice, 'key-2'),
      accounts.register(twice, 'key-2'),
    ]);
    expect(other.user._id).toBe(one.user._id);
  });

  it('[ACC8] tells whoever has another key, or none, no more than that the e-mail is taken', async () => {
    const { user } = await accounts.register(ann, 'key-1');
    for (const key of ['key-2', undefined]) {
      await expect(accounts.register(ann, key)).rejects.toMatchObject({ code: 'email_taken' });
    }
    for (const other of [{ password: 'another horse' }, { name: 'Bob' }]) {
      await expect(accounts.register({ ...ann, ...other }, 'key-1')).rejects.toMatchObject({
        code: 'command_mismatch',
      });
    }
    await accounts.setBanned(user._id, true);
    await expect(accounts.register(ann, 'key-1')).rejects.toMatchObject({
      code: 'bad_credentials',
    });
    // An e-mail of one's own under the same key is an account of one's own.
    const { user: bob } = await accounts.register({ ...ann, email: 'bob@example.org' }, 'key-1');
    expect(bob._id).not.toBe(user._id);
  });

  it('[ACC2] lets in who knows the password, and tells nobody why not', async () => {
    const { user } = await accounts.register(ann);
    expect((await accounts.login({ ...ann, email: 'ANN@example.org' })).user._id).toBe(user._id);
    await accounts.setBanned(user._id, true);
    const wrong = { email: ann.email, password: 'wrong horse!' };
    for (const attempt of [wrong, { ...wrong, email: 'nobody@example.org' }, ann]) {
      await expect(accounts.login(attempt)).rejects.toMatchObject({
        code: 'bad_credentials',
        message: 'e-mail and password do not match',
      });
    }
  });

  it('[ACC3] trades a refresh token once; its answer may be lost, but not for long', async () => {
    const { refreshToken: first } = await accounts.register(ann);
    const { refreshToken: lost } = await accounts.refresh(first);
    clock.jump(5_000);
    const { refreshToken: second } = await accounts.refresh(first);
    expect(second).toBe(lost);
    clock.jump(11_000);
    await accounts.refresh(second);
    clock.jump(11_000);
    await expect(accounts.refresh(second)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('[ACC3] counts the ten seconds from the trade, however often its answer is asked for', async () => {
    const { refreshToken } = await accounts.register(ann);
    await accounts.refresh(refreshToken);
    clock.jump(9_000);
    await accounts.refresh(refreshToken);
    clock.jump(9_000);
    await expect(accounts.refresh(refreshToken)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('[ACC3] leaves a tab its token when another one has traded the same', async () => {
    const { refreshToken } = await accounts.register(ann);
    const { refreshToken: one } = await accounts.refresh(refreshToken);
    await accounts.refresh(refreshToken);
    clock.jump(60_000);
    // The browser keeps whichever answer came last.
    await expect(accounts.refresh(one)).resolves.toMatchObject({ user: { name: 'Ann' } });
  });

  it('[ACC3] ends the whole session when an old refresh token turns up', async () => {
    const { refreshToken: first } = await accounts.register(ann);
    const { refreshToken: second } = await accounts.refresh(first);
    clock.jump(60_000);
    await expect(accounts.refresh(first)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(accounts.refresh(second)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('[ACC3] serves two refreshes at once', async () => {
    const { refreshToken } = await accounts.register(ann);
    const grants = await Promise.all([
      accounts.refresh(refreshToken),
      accounts.refresh(refreshToken),
    ]);
    for (const { accessToken } of grants) expect(tokens.verify(accessToken)).toBeDefined();
  });

  it('[ACC4] ends sessions at logout, at a ban and with time', async () => {
    const { refreshToken } = await accounts.register(ann);
    await accounts.logout(refreshToken);
    await accounts.logout(refreshToken);
    await expect(accounts.refresh(refreshToken)).rejects.toMatchObject({ code: 'unauthenticated' });

    const again = await accounts.login(ann);
    await accounts.setBanned(again.user._id, true);
    await expect(accounts.refresh(again.refreshToken)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    await accounts.setBanned(again.user._id, false);
    const last = await accounts.login(ann);
    clock.jump(86_400_001);
    await expect(accounts.refresh(last.refreshToken)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });

  it('[ACC5] believes no token but its own, while it lasts', async () => {
    const { accessToken, user } = await accounts.register(ann);
    const claims = { sub: user._id, role: 'operator', sid: 's', name: 'x' };
    const times = {
      iat: Math.floor(clock.now() / 1_000),
      exp: Math.floor(clock.now() / 1_000) + 60,
    };
    const good = { issuer: 'waybill', audience: 'waybill-api' };
    const forged = [
      '',
      'nonsense',
      `${accessToken.slice(0, -2)}xx`,
      jwt.sign({ ...claims, ...times }, 'another secret of some length, really', good),
      jwt.sign({ ...claims, ...times }, SECRET, { ...good, issuer: 'other' }),
      jwt.sign({ ...claims, ...times }, SECRET, { ...good, audience: 'other' }),
      jwt.sign({ ...claims, ...times }, SECRET, { ...good, algorithm: 'HS512' }),
      jwt.sign({ ...claims, ...times }, null as never, { ...good, algorithm: 'none' }),
      jwt.sign({ ...claims, ...times, role: 'system' }, SECRET, good),
    ];
    for (const token of forged) {
      expect(() => tokens.verify(token)).toThrow(
        expect.objectContaining({ code: 'unauthenticated' }),
      );
    }
    clock.jump(901_000);
    expect(() => tokens.verify(accessToken)).toThrow(
      expect.objectContaining({ code: 'token_expired' }),
    );
  });

  it('[ACC6] makes a first operator, once', async () => {
    const first = await accounts.ensureOperator();
    expect(first?.password.length).toBeGreaterThanOrEqual(20);
    expect(await accounts.ensureOperator()).toBeUndefined();
    const { user } = await accounts.login(first as { email: string; password: string });
    expect(user.role).toBe('operator');
  });

  it('[ACC7] gives store people their store, and drivers their capacity', async () => {
    const base = { password: 'correct horse', name: 'x' };
    const driver = await accounts.addUser({ ...base, email: 'd@x.org', role: 'driver' });
    expect(driver.capacity).toBe(1);
    const store = { ...base, email: 's@x.org', role: 'store' } as const;
    await expect(accounts.addUser(store)).rejects.toMatchObject({ code: 'malformed' });
    expect(await accounts.addUser({ ...store, storeId: 'baixa-1' })).toMatchObject({
      storeId: 'baixa-1',
    });
  });

  it('[I14] answers a flood of logins with overloaded, not with memory', async () => {
    const flood = await Promise.allSettled(
      Array.from({ length: 130 }, () => passwords.verify(undefined, 'x')),
    );
    const refused = flood.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBe(28);
    expect(await passwords.verify(await passwords.hash('x'), 'x')).toBe(true);
  });
});
