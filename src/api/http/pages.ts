import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context, Middleware } from 'koa';
import send from 'koa-send';
import { AppError } from '../../errors.ts';

/** Built by `npm ci`; the same place from src/ and from dist/src/. */
const FOLDER = join(
  import.meta.dirname,
  import.meta.dirname.includes(`${join('dist', 'src')}`) ? '../../..' : '../../../dist',
  'web',
);

/** Which page answers which addresses; what comes after the prefix is the page's own business. */
const PAGES: [prefix: RegExp, file: string][] = [
  [/^\/console(\/|$)/, 'console/index.html'],
  [/^\/driver(\/|$)/, 'driver/index.html'],
  [/^\/($|orders(\/|$)|t\/)/, 'index.html'],
];

const YEAR_MS = 365 * 86_400_000;

/** Serves the built pages and their files, the smaller form where the browser takes it. */
export function servePages(folder = FOLDER): Middleware {
  return async function servePage(ctx, next) {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next();
    const page = PAGES.find(([prefix]) => prefix.test(ctx.path))?.[1];
    const file = [fileOf(ctx.path), page].find((name) => name && existsSync(join(folder, name)));
    if (file !== undefined) return sendFile(ctx, folder, file);
    if (page !== undefined) {
      throw new AppError('not_found', 'the pages are not built; run: npm run build:web');
    }
    return next();
  };
}

/** An address that may be a file's: with an ending, and nowhere above the folder. */
const fileOf = (path: string): string | undefined =>
  /^\/[\w./-]+\.\w+$/.test(path) && !path.includes('..') ? path.slice(1) : undefined;

async function sendFile(ctx: Context, folder: string, file: string): Promise<void> {
  // Names under assets/ carry a hash of what is in them; everything else is asked for anew.
  const isHashed = file.startsWith('assets/');
  ctx.set('Cache-Control', isHashed ? `public, max-age=${YEAR_MS / 1_000}, immutable` : 'no-cache');
  await send(ctx, file, { root: folder });
}
