import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { exportCommand } from '../../src/cli/export.ts';
import { lifeOf } from '../../src/cli/life.ts';
import { replayCommand } from '../../src/cli/replay.ts';
import { BadInput } from '../../src/cli/with-storage.ts';

const GOLDEN = 'tests/golden/order-v1-delivered.json';
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-replay-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const replayed = (...args: string[]) => replayCommand().parseAsync(args, { from: 'user' });

describe('replay and export', () => {
  it.each([
    ['an empty file', ''],
    ['another file', '{"kind":"order","machineVersion":1}'],
    ['no steps', '{"kind":"order","machineVersion":1,"history":[]}'],
    ['steps of another shape', '{"kind":"order","machineVersion":1,"history":[{"seq":1}]}'],
  ])('[CMD1] take %s for no history', async (_what, text) => {
    const file = join(folder, 'it.json');
    await writeFile(file, text);
    const refused = lifeOf(file);
    await expect(refused).rejects.toThrow(BadInput);
    await expect(refused).rejects.toThrow(/is no history; expected what `waybill export/);
  });

  it('[CMD1] take a folder for no history', async () => {
    await expect(lifeOf(folder)).rejects.toThrow(/is no history/);
  });

  it.each([
    [['--at', ''], /--at : expected a step from 0 to/],
    [['--at', '9999'], /--at 9999: expected a step from 0 to/],
    [['--payload', '{}'], /expected --try EVENT/],
    [['--by', 'driver:d1'], /expected --try EVENT/],
  ])('[CMD1] refuse %j in one line', async (args, said) => {
    await expect(replayed(GOLDEN, ...args)).rejects.toThrow(said);
  });

  it('[CMD1] tell the state before the first step', async () => {
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    await replayed(GOLDEN, '--at', '0');
    const said = write.mock.calls.join('');
    write.mockRestore();
    expect(said).toMatch(/0 steps on machine version 1; now new\n$/);
  });

  it('[MOD7] never write over a file that is there', async () => {
    const command = exportCommand().parseAsync(['any', '--test', GOLDEN], { from: 'user' });
    await expect(command).rejects.toThrow(/expected a new file/);
  });
});
