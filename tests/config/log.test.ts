import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { presentError, redactUrl } from '../../src/log.ts';

describe('the log', () => {
  it('[LOG1] tells an error without the documents that it carries', () => {
    const cause = Object.assign(new Error('E11000'), { writeErrors: [{ op: { pin: '4711' } }] });
    const error = Object.assign(new Error('not written', { cause }), {
      ...{ code: 11_000, result: { snapshot: { context: { pin: '4711', address: 'Rua 1' } } } },
    });
    const lines: string[] = [];
    const log = pino({ serializers: { err: presentError } }, { write: (line) => lines.push(line) });
    log.error({ err: error }, 'failed');
    expect(lines[0]).not.toMatch(/4711|Rua 1/);
    expect(JSON.parse(lines[0] as string).err).toMatchObject({
      ...{ type: 'Error', message: 'not written: E11000', code: 11_000 },
      stack: expect.stringMatching(/not written[\s\S]*caused by: Error: E11000/),
    });
    expect(presentError('text')).toBe('text');
  });

  it('[LOG1] blots tokens out of URLs', () => {
    expect(redactUrl('/socket.io/?EIO=4&token=abc.def&t=1')).toBe(
      '/socket.io/?EIO=4&token=[redacted]&t=1',
    );
  });
});
