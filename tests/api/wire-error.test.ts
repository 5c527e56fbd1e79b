import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mongo } from 'mongoose';
import { toWireError } from '../../src/api/wire-error.ts';
import type { Store } from '../../src/engine/store.ts';
import { type ApiServer, type Member, startApiServer } from '../support/api-server.ts';
import { connectLive, type LiveSocket } from '../support/live-socket.ts';

const lost = new mongo.MongoNetworkError('connection closed');
const steppedDown = new mongo.MongoServerError({ message: 'not primary', code: 10_107 });

describe('while the database is away', () => {
  let server: ApiServer;
  let customer: Member;
  let socket: LiveSocket;
  beforeAll(async () => {
    server = await startApiServer();
    customer = await server.member('customer');
    socket = await connectLive(server.url, { auth: { token: customer.token } });
  });
  afterAll(async () => {
    socket.close();
    await server.close();
  });

  it.each([lost, steppedDown])(
    '[SOC22] refuses as not_ready what %s has stopped',
    async (cause) => {
      const { id } = await server.place(customer);
      const { load } = server.store as Store;
      server.store.load = () => Promise.reject(cause);
      const answer = await customer.http('GET', `/v1/orders/${id}`);
      const told = await socket.ask('order:watch', { orderId: id });
      server.store.load = load;
      expect(answer).toMatchObject({
        ...{ status: 503, body: { error: { code: 'not_ready', retryable: true } } },
      });
      expect(told).toMatchObject({ ok: false, error: { code: 'not_ready', retryable: true } });
      expect((await customer.http('GET', `/v1/orders/${id}`)).status).toBe(200);
    },
  );

  it('[SOC22] keeps a mistake of ours an internal_error', () => {
    const duplicate = new mongo.MongoServerError({ message: 'E11000', code: 11_000 });
    for (const error of [new Error('a mistake'), duplicate]) {
      expect(toWireError(error)).toMatchObject({ code: 'internal_error', retryable: false });
    }
  });
});
