import { execFile } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { testMongoUrl } from '../support/mongo.ts';

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the program from its sources, as somebody at a shell would. */
const waybill = (args: string[], env: Record<string, string> = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const node = ['--import', 'tsx', 'src/main.ts', ...args];
    execFile(process.execPath, node, { env: { ...process.env, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });

describe('the command line', () => {
  it.each<[string[], Record<string, string>, RegExp]>([
    [['nonsense'], {}, /unknown command 'nonsense'[\s\S]*--help/],
    [['demo', '--speed', '1.5'], {}, /needs a whole number from 1 to 60/],
    [['demo', '--url', 'http://127.0.0.1:1'], {}, /nobody answers at http:\/\/127\.0\.0\.1:1/],
    [['replay'], {}, /missing required argument 'order'/],
    [['verify'], { MONGO_URL: 'mongodb://' }, /MONGO_URL cannot be used/],
    [['seed'], { PORT: 'abc' }, /PORT must be a whole number from 0 to 65535/],
  ])('[CMD1] says shortly what is wrong with %j', async (args, env, said) => {
    const { code, stdout, stderr } = await waybill(args, env);
    expect(stderr).toMatch(said);
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(3);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect([code, stdout]).toEqual([1, '']);
  });

  it('[CMD1] [CMD3] says so when there is nothing to verify', async () => {
    const MONGO_URL = testMongoUrl().replace(/\/\w*\?/, '/nothing-to-verify?');
    const { code, stderr } = await waybill(['verify'], { MONGO_URL });
    expect([code, stderr.trim().split('\n').at(-1)]).toEqual([
      2,
      'there is nothing to check: no order and no shift',
    ]);
  });

  it('[CMD1] explains each command, and how it ends', async () => {
    expect((await waybill(['--help'])).stdout).toMatch(
      /start[\s\S]*demo[\s\S]*verify[\s\S]*replay/,
    );
    expect((await waybill(['verify', '--help'])).stdout).toMatch(/Exits 0 .* 1 on .* 2 when/s);
  });
});
