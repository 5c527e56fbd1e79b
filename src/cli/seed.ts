import { Command } from 'commander';
import { seedCity } from '../catalog/seed.ts';
import { withStorage } from './with-storage.ts';

/** `waybill seed`: writes the small city, as far as it is missing. */
export const seedCommand = (): Command =>
  new Command('seed')
    .description('zones, stores and products of a small city; what is there stays as it is')
    .action(() =>
      withStorage(async ({ open }) => {
        const written = await seedCity(open);
        process.stdout.write(
          written > 0 ? `${written} documents written\n` : 'everything is there already\n',
        );
      }),
    );
