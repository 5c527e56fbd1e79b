import { describe, expect, it } from '@jest/globals';
import { createMailboxes } from '../../src/engine/mailbox.ts';

describe('mailboxes', () => {
  it('[ENG1] runs one task at a time per actor, in order, whatever becomes of each', async () => {
    const mailboxes = createMailboxes();
    const log: string[] = [];
    const task = (name: string, fail = false) =>
      mailboxes.run('a', async () => {
        log.push(`+${name}`);
        await new Promise((resolve) => setImmediate(resolve));
        log.push(`-${name}`);
        if (fail) throw new Error(name);
      });
    const results = await Promise.allSettled([task('1'), task('2', true), task('3')]);
    expect(log).toEqual(['+1', '-1', '+2', '-2', '+3', '-3']);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(mailboxes.depth).toBe(0);
  });

  it('[ENG1] refuses what would wait beyond its bounds, and runs the rest', async () => {
    const mailboxes = createMailboxes({ perActor: 2, total: 3 });
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const accepted = [
      mailboxes.run('a', () => gate),
      mailboxes.run('a', async () => {}),
      mailboxes.run('b', async () => {}),
    ];
    const refused = [mailboxes.run('a', async () => {}), mailboxes.run('c', async () => {})];
    release();
    for (const result of await Promise.allSettled(refused)) {
      expect(result).toMatchObject({ reason: { code: 'overloaded', retryable: true } });
    }
    await Promise.all(accepted);
    await mailboxes.idle();
    await expect(mailboxes.run('a', async () => 'taken')).resolves.toBe('taken');
  });
});
