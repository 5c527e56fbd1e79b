import { describe, expect, it } from '@jest/globals';
import { io } from 'socket.io-client';
import { startApiServer } from '../../support/api-server.ts';

describe('where a page may come from', () => {
  it('[SOC24] is the host that a trusted proxy was called by, and nothing else', async () => {
    const origin = 'https://waybill.example';
    const behind = { origin, 'x-forwarded-host': 'waybill.example' };
    for (const [trustedProxies, headers, is] of [
      [1, behind, 'let in'],
      [0, behind, 'refused'],
      [1, { origin, 'x-forwarded-host': 'other.example' }, 'refused'],
      [1, { origin }, 'refused'],
    ] as const) {
      const server = await startApiServer({ config: { trustedProxies } });
      const { token } = await server.member('customer');
      const socket = io(server.url, {
        ...{ transports: ['websocket'], reconnection: false, forceNew: true },
        ...{ extraHeaders: headers, auth: { token } },
      });
      const became = await new Promise((resolve) => {
        socket.on('connect', () => resolve('let in'));
        socket.on('connect_error', () => resolve('refused'));
      });
      socket.close();
      await server.close();
      expect(became).toBe(is);
    }
  });
});
