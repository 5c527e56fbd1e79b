import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openCallFile, readCallFile } from '../../src/verify/call-file.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-calls-'));
  file = join(folder, 'calls');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const accept = { client: 'driver d1', does: 'offer.accept', actor: 'order/o1', commandId: 'c1' };

describe('a file of calls', () => {
  it('[CMD5] gives back what was noted, ended or not, whatever ended first', async () => {
    const calls = openCallFile(file);
    const first = calls.begin({ ...accept, at: 1 });
    calls.begin({ client: 'customer c1', does: 'order.place', commandId: 'c2', at: 2 });
    const third = calls.begin({
      client: 'customer c1',
      does: 'order.place',
      commandId: 'c3',
      at: 3,
    });
    third({ at: 4, outcome: 'ok', actor: 'order/o2', seq: 1 });
    first({ at: 5, outcome: 'fail', code: 'offer_closed' });
    await calls.close();
    expect(await readCallFile(file)).toEqual([
      { ...accept, beganAt: 1, endedAt: 5, outcome: 'fail', code: 'offer_closed' },
      { client: 'customer c1', does: 'order.place', commandId: 'c2', beganAt: 2 },
      {
        ...{ client: 'customer c1', does: 'order.place', commandId: 'c3', beganAt: 3, endedAt: 4 },
        ...{ outcome: 'ok', actor: 'order/o2', seq: 1 },
      },
    ]);
  });

  it('[CMD5] leaves out what is more than it may hold, and what comes after its end', async () => {
    const calls = openCallFile(file, 1);
    const end = calls.begin({ ...accept, at: 1 });
    calls.begin({ ...accept, at: 2 })({ at: 3, outcome: 'ok', seq: 4 });
    await calls.close();
    end({ at: 9, outcome: 'ok', seq: 4 });
    expect(await readCallFile(file)).toEqual([{ ...accept, beganAt: 1 }]);
  });

  it('[CMD5] may end in half a line, and nowhere else', async () => {
    const calls = openCallFile(file);
    calls.begin({ ...accept, at: 1 });
    await calls.close();
    await appendFile(file, '{"call":1,"at":2,"outc');
    expect(await readCallFile(file)).toHaveLength(1);
    await appendFile(file, '\n{"call":2}\n');
    await expect(readCallFile(file)).rejects.toThrow('line 2 is no call');
  });

  it('[CMD5] is told from something else, and from none', async () => {
    await writeFile(file, '<html>');
    await expect(readCallFile(file)).rejects.toThrow('it holds no calls');
    await expect(readCallFile(join(folder, 'none'))).rejects.toThrow('ENOENT');
    await expect(openCallFile(join(folder, 'no', 'folder')).close()).rejects.toThrow('ENOENT');
  });
});
