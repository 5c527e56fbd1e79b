import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '../..');

/** Which rooms each room may import, besides itself. The floor is every file directly in src/. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  machines: [],
  charts: ['machines'],
  floor: ['machines'],
  'src/protocol': ['floor', 'machines'],
  'src/engine': ['floor'],
  'src/storage': ['floor'],
  'src/catalog': ['floor', 'machines', 'src/engine'],
  'src/dispatch': ['floor', 'machines', 'src/engine', 'src/catalog'],
  'src/verify': ['floor', 'machines', 'src/protocol', 'src/engine', 'src/client'],
  'src/api': ['floor', 'machines', 'src/protocol', 'src/engine', 'src/catalog', 'src/dispatch'],
  'src/client': ['floor', 'src/protocol'],
  'src/simulator': ['machines', 'src/protocol', 'src/client', 'src/verify'],
  web: ['floor', 'machines', 'charts', 'src/protocol', 'src/client'],
  'src/cli': [
    ...['floor', 'machines', 'src/engine', 'src/storage', 'src/catalog', 'src/dispatch'],
    ...['src/protocol', 'src/verify', 'src/api', 'src/simulator'],
  ],
};
/** Of the floor, the engine may use only what has no domain in it; the wire and its ends only errors. */
const FLOOR_OF: Readonly<Record<string, readonly string[]>> = {
  'src/engine': ['src/errors.ts'],
  'src/protocol': ['src/errors.ts'],
  'src/client': ['src/errors.ts'],
  web: ['src/errors.ts'],
};
/** Of charts, a page may have what draws a layout, and its types; what makes one stays at the build. */
const CHARTS_OF_WEB = ['chart-text.ts', 'line-path.ts', 'chart-layout.ts'];

const sources = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));

const files = [
  ...sources('machines'),
  ...sources('charts'),
  ...sources('src'),
  ...sources('web/src'),
];

function roomOf(file: string): string {
  const [top = '', second = '', third] = file.split('/');
  if (top === 'machines' || top === 'charts' || top === 'web') return top;
  if (third === undefined) return second === 'main.ts' ? 'src/cli' : 'floor';
  return `${top}/${second}`;
}

const importsOf = (file: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(
    ([, target]) => target as string,
  );

describe('rooms', () => {
  it('[ARC1] import along the arrows only', () => {
    const wrong = files.flatMap((file) => {
      const room = roomOf(file);
      return importsOf(file)
        .filter((target) => target.startsWith('.'))
        .map((target) => relative(root, resolve(root, dirname(file), target)))
        .filter((target) => !isAllowed(room, target))
        .map((target) => `${file} → ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it('[ARC2] machines import xstate and their neighbours, nothing else', () => {
    const packages = sources('machines').flatMap((file) =>
      importsOf(file).filter((target) => !target.startsWith('.')),
    );
    expect([...new Set(packages)]).toEqual(['xstate']);
  });

  it('[ARC3] engine, dispatch and machines touch time, chance and the world through their ports only', () => {
    const forbidden =
      /\b(Date\.now|new Date\(\)|performance\.|setTimeout|setInterval|setImmediate|Math\.random|randomUUID|randomBytes|process\.\w)|from '(node:(?!util|crypto)[^']+|mongoose|uuid)'/g;
    const isPort = (file: string) => /mongo|system-clock/.test(file);
    const found = [...sources('machines'), ...sources('src/engine'), ...sources('src/dispatch')]
      .filter((file) => !isPort(file))
      .flatMap((file) =>
        [...readFileSync(join(root, file), 'utf8').matchAll(forbidden)]
          // A mongoose schema is a description; it does nothing.
          .filter(([text]) => !(file.startsWith('src/dispatch') && text.includes("'mongoose'")))
          .map(([text]) => `${file}: ${text}`),
      );
    expect(found).toEqual([]);
  });

  it('[ARC4] only src/config.ts reads the environment', () => {
    const readers = files.filter((file) =>
      readFileSync(join(root, file), 'utf8').includes('process.env'),
    );
    expect(readers.filter((file) => file !== 'src/config.ts')).toEqual([]);
  });
});

function isAllowed(room: string, target: string): boolean {
  const to = roomOf(target);
  if (to === room) return true;
  if (to === 'floor' && FLOOR_OF[room]) return FLOOR_OF[room].includes(target);
  if (room === 'web' && to === 'charts') {
    return CHARTS_OF_WEB.some((file) => target === `charts/${file}`);
  }
  return (ARROWS[room] ?? []).includes(to);
}
