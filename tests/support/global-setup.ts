import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveFolder, stopMongod, urlOf } from '../../src/storage/embedded-mongod.ts';

/**
 * One mongod for the whole run, found by the resolver that `start` uses; each worker makes databases
 * of its own in it. Fails, naming every route tried, when there is none: nothing is skipped.
 */
export default async function setUp(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-tests-'));
  const record = await serveFolder(folder, process.env.MONGOD_BINARY);
  process.env.WAYBILL_TEST_MONGO_URL = urlOf(record);
  (globalThis as unknown as { stopTestMongod: () => Promise<void> }).stopTestMongod = async () => {
    await stopMongod(record);
    await rm(folder, { recursive: true, force: true });
  };
}
