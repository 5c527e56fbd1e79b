import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const spec = readFileSync('docs/SPEC.md', 'utf8');
const rules = [...spec.matchAll(/^\| ([A-Z]{1,6}\d+) \|/gm)].map(([, id]) => id as string);

describe('the specification', () => {
  it('[ARC7] has every rule that a test cites, each once', () => {
    expect(rules).toEqual([...new Set(rules)]);
    const cited = readdirSync('tests', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => `tests/${file}`)
      .flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(/\[([A-Z]{1,6}\d+)\]/g)].map(([, id]) => id),
      );
    expect(cited.length).toBeGreaterThan(300);
    expect([...new Set(cited)].filter((id) => !rules.includes(id as string))).toEqual([]);
  });

  it('[ARC7] has no rule that stands outside its table', () => {
    expect(spec.match(/^\n\| [A-Z]{1,6}\d+ \|/gm)).toBeNull();
  });
});
