#!/usr/bin/env node
/** Compiles src/ and machines/ into dist/ if anything in them is newer than what is there. */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'dist', '.built');

const newest = (path) => {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return stat?.mtimeMs ?? 0;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
};

function build() {
  const sources = ['src', 'machines', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];
  const changedAt = Math.max(...sources.map((name) => newest(join(root, name))));
  if (newest(stamp) > changedAt) return;
  const startedAt = new Date();
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], {
    stdio: 'inherit',
  });
  writeFileSync(stamp, `${startedAt.toISOString()}\n`);
}

build();
