import { expect, it } from '@jest/globals';
import { offline } from '../../src/client/call-error.ts';
import type { Http } from '../../src/client/http.ts';
import type { AuthAnswer } from '../../src/protocol/accounts.ts';
import { createLeaving } from '../../web/src/kit/leaving.ts';
import { AUTH, handTimers } from '../client/fake-server.ts';

const stored = new Map<string, string>();
Object.assign(globalThis, {
  addEventListener: () => {},
  localStorage: {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  },
});

it('[WEB2] a server is told once at a time who signed out, and a sign-in waits until it has answered', async () => {
  const timers = handTimers();
  let isOnline = false;
  const underWay: (() => void)[] = [];
  const http = (async (_: string, path: string) => {
    if (!isOnline) throw offline(path);
    await new Promise<void>((resolve) => underWay.push(resolve));
  }) as Http;
  const leaving = createLeaving('driver', http, () => {}, timers);
  const signIn = async (): Promise<AuthAnswer> => {
    if (!isOnline) throw offline('login');
    return AUTH;
  };
  leaving.begin();
  await leaving.tell();
  await timers.pass(1_000);
  await expect(leaving.instead(signIn)).rejects.toMatchObject({ code: 'offline' });
  isOnline = true;
  await timers.pass(10_000);
  expect(underWay).toHaveLength(1);

  let isIn = false;
  const entering = leaving.instead(signIn).then(() => {
    isIn = true;
  });
  await timers.pass(10_000);
  expect(isIn).toBe(false);
  underWay[0]?.();
  await entering;
  await timers.pass(10_000);
  expect([underWay.length, leaving.isUnderWay()]).toEqual([1, false]);
});
