#!/usr/bin/env node
/**
 * Builds web/ into dist/web if anything it is made of is newer than what is there; part of `npm ci`.
 * An installation without development dependencies has no vite: it serves what was built before, or
 * says at /console that there is nothing to serve.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, 'dist', 'web');
const stamp = join(out, '.built');
const SOURCES = ['web', 'charts', 'machines', 'src/client', 'src/protocol', 'package-lock.json'];
const COMPRESSED = new Set(['.js', '.css', '.html', '.svg', '.json', '.webmanifest']);

const newest = (path) => {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return stat?.mtimeMs ?? 0;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
};

/** Beside each text file its smaller forms, made once instead of at every request. */
function compress(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !COMPRESSED.has(extname(file))) continue;
    const text = readFileSync(file);
    writeFileSync(
      `${file}.br`,
      brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    );
    writeFileSync(`${file}.gz`, gzipSync(text, { level: 9 }));
  }
}

if (existsSync(join(root, 'node_modules', 'vite'))) {
  const changedAt = Math.max(...SOURCES.map((name) => newest(join(root, name))));
  if (newest(stamp) <= changedAt) {
    const startedAt = new Date();
    const { build } = await import('vite');
    await build({ configFile: join(root, 'web', 'vite.config.ts'), logLevel: 'warn' });
    compress(out);
    writeFileSync(stamp, `${startedAt.toISOString()}\n`);
  }
}
