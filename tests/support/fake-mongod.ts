import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { mongo } from 'mongoose';

const { BSON } = mongo;
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER = 16;

/**
 * Speaks as much of MongoDB's wire protocol as a client needs to find out whom it talks to: for
 * versions that nobody can install any more, and sets in a bad way.
 * @param says `hello` goes over the answer of a healthy primary
 */
export async function startFakeMongod(says: {
  version: string;
  maxWireVersion: number;
  hello?: object;
}) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    let waiting = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      waiting = Buffer.concat([waiting, chunk]);
      while (waiting.length >= HEADER && waiting.length >= waiting.readInt32LE(0)) {
        const length = waiting.readInt32LE(0);
        socket.write(answer(waiting.subarray(0, length)));
        waiting = waiting.subarray(length);
      }
    });
  });

  function answer(message: Buffer): Buffer {
    const isQuery = message.readInt32LE(12) === OP_QUERY;
    const body = {
      ...{ ok: 1, isWritablePrimary: true, ismaster: true, helloOk: true, setName: 'rs0' },
      ...{ minWireVersion: 0, maxWireVersion: says.maxWireVersion, version: says.version },
      ...{ maxBsonObjectSize: 16_777_216, maxMessageSizeBytes: 48_000_000 },
      ...{ maxWriteBatchSize: 100_000, localTime: new Date(), hosts: [address()], me: address() },
      ...says.hello,
    };
    const prefix = isQuery ? Buffer.alloc(20) : Buffer.alloc(5);
    // OP_REPLY: one document follows.
    if (isQuery) prefix.writeInt32LE(1, 16);
    const rest = Buffer.concat([prefix, BSON.serialize(body)]);
    const header = Buffer.alloc(HEADER);
    header.writeInt32LE(HEADER + rest.length, 0);
    header.writeInt32LE(message.readInt32LE(4), 8);
    header.writeInt32LE(isQuery ? OP_REPLY : OP_MSG, 12);
    return Buffer.concat([header, rest]);
  }

  const address = () => `127.0.0.1:${(server.address() as { port: number }).port}`;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `mongodb://${address()}/waybill`,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
