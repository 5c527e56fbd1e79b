import { describe, expect, it } from '@jest/globals';
import type { Socket } from 'socket.io';
import type { Claims, Tokens } from '../../../src/api/auth/tokens.ts';
import type { Metrics } from '../../../src/api/metrics.ts';
import { createSession, type Session } from '../../../src/api/sockets/session.ts';
import { createTokenTimer } from '../../../src/api/sockets/token-timer.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const CLAIMS: Claims = {
  ...{ userId: 'u1', role: 'customer', name: 'Ann', sessionId: 's1', expiresAt: 1 },
};

/** A connection whose other end reads nothing. */
function buildStuck() {
  const writeBuffer: unknown[] = [];
  let cuts = 0;
  let slow = 0;
  const socket = {
    ...{ connected: true, conn: { writeBuffer } },
    emit: (...message: unknown[]) => void writeBuffer.push(message),
    disconnect: () => void cuts++,
  } as unknown as Socket;
  const metrics = { onSlowConsumer: () => void slow++ } as unknown as Metrics;
  const session = createSession(socket, CLAIMS, '127.0.0.1', metrics);
  return { session, writeBuffer, cuts: () => cuts, slow: () => slow };
}

describe('the timer of a token', () => {
  it('[SOC14] is not set again by a new token that comes after the connection has ended', () => {
    const clock = createManualClock();
    const claims = { ...CLAIMS, expiresAt: clock.now() + 60_000 };
    const session = { claims, isOpen: () => false } as Session;
    const tokens = { verify: () => claims } as unknown as Tokens;
    const timer = createTokenTimer(session, tokens, clock);
    timer.stop();
    expect(() => timer.refresh('new')).toThrow(
      expect.objectContaining({ code: 'unauthenticated' }),
    );
  });
});

describe('a slow reader', () => {
  it('[SOC18] is cut off once five hundred messages wait, and is sent no more', () => {
    const { session, writeBuffer, cuts, slow } = buildStuck();
    for (let n = 0; n < 512; n++) session.push('resync', {});
    expect(cuts()).toBe(0);
    for (let n = 0; n < 10; n++) session.push('resync', {});
    expect(cuts()).toBeGreaterThan(0);
    expect(slow()).toBe(cuts());
    expect(writeBuffer.length).toBe(513);
    expect(session.keepsUp()).toBe(false);
  });

  it('[SOC18] is not sent what only counts now', () => {
    const { session, writeBuffer } = buildStuck();
    for (let n = 0; n < 50; n++) {
      session.pushIfIdle('driver:position', { orderId: 'o1', at: n, lat: 1, lng: 1 });
    }
    expect(writeBuffer.length).toBe(9);
    expect(session.isIdle()).toBe(false);
  });
});
