import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CONFIG_KEYS, loadConfig, loadProcessConfig } from '../../src/config.ts';
import { asNobody } from '../support/as-nobody.ts';

const good = {
  NODE_ENV: 'production',
  MONGO_URL: 'mongodb://db.internal/waybill?replicaSet=rs0',
  JWT_SECRET_KEY: 'Qm9udGhpcyBpcyBhIHJlYWxseSBsb25nIHNlY3JldA',
};

describe('configuration', () => {
  it('[CFG1] needs nothing in development', () => {
    expect(loadConfig({})).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 3_000,
      jwtExpiresMs: 900_000,
      refreshExpiresMs: 30 * 86_400_000,
      dataDir: '.data',
      timeScale: 1,
    });
    expect(loadConfig({ MONGO_URL: '', PORT: '' })).toEqual(loadConfig({}));
  });

  it('[CFG2] lists everything that is wrong at once, with what would be right', () => {
    const wrong = {
      ...{ PORT: '99999', MONGO_URL: 'localhost', JWT_EXPIRES: '15', TIME_SCALE: '0.5' },
      ...{ JWT_SECRET_KEY: 'secret', LOG_LEVEL: 'loud', NODE_NAME: 'n'.repeat(101) },
      CORS_ORIGINS: 'https://shop.example, https://shop.example/',
    };
    expect(() => loadConfig(wrong)).toThrow(
      expect.objectContaining({ name: 'ConfigError', message: expect.stringContaining('PORT') }),
    );
    for (const part of [
      'PORT must be at most 65535',
      'MONGO_URL must begin with mongodb://',
      'JWT_EXPIRES must be a number and a unit',
      'TIME_SCALE must be a whole number from 1 to 60',
      'JWT_SECRET_KEY must have at least 32 bytes',
      'LOG_LEVEL must be one of trace',
      'NODE_NAME must have at most 100 characters',
      'CORS_ORIGINS must be origins as browsers send them',
    ]) {
      expect(() => loadConfig(wrong)).toThrow(part);
    }
  });

  it('[CFG2] says of an .env that cannot be read that it is there', async () => {
    const before = process.cwd();
    const folder = await mkdtemp(join(tmpdir(), 'waybill-env-'));
    try {
      process.chdir(folder);
      await writeFile('.env', 'PORT=4000\n', { mode: 0 });
      await asNobody(folder, async () => {
        expect(loadProcessConfig).toThrow(/^\.env cannot be read \(EACCES\)/);
      });
    } finally {
      process.chdir(before);
      await rm(folder, { recursive: true });
    }
  });

  it('[CFG3] refuses production without a database, a secret of its own, or at another speed', () => {
    expect(loadConfig(good).production).toBe(true);
    for (const [change, part] of [
      [{ MONGO_URL: undefined }, 'MONGO_URL must be set'],
      [{ JWT_SECRET_KEY: undefined }, 'JWT_SECRET_KEY must be set'],
      [{ JWT_SECRET_KEY: 'change-me-change-me-change-me-change-me' }, 'known sample'],
      [{ TIME_SCALE: '2' }, 'TIME_SCALE must be 1'],
    ] as const) {
      expect(() => loadConfig({ ...good, ...change })).toThrow(part);
    }
    expect(() => loadConfig({ NODE_ENV: 'production' })).toThrow(/MONGO_URL[\s\S]*JWT_SECRET_KEY/);
  });

  it('[CFG4] is described in .env.example, key by key', () => {
    const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
    const described = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, key]) => key);
    expect(described.sort()).toEqual([...CONFIG_KEYS].sort());
    const values = Object.fromEntries(
      [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, key, value]) => [key, value]),
    );
    expect(loadConfig(values)).toEqual(loadConfig({}));
  });
});
