import { randomBytes } from 'node:crypto';
import { Command, Option } from 'commander';
import { USER_ROLES, type UserRole } from '../api/auth/users.ts';
import { loadProcessConfig } from '../config.ts';
import { createSystemClock } from '../engine/system-clock.ts';
import { createPeople } from './people.ts';
import { CommandError, withStorage } from './with-storage.ts';

interface Options {
  role: UserRole;
  email: string;
  name: string;
  password?: string;
  store?: string;
  capacity?: string;
}

const LEAST_PASSWORD = 10;

/** `waybill user add`: an account for whoever does not register themselves. */
export const userCommand = (): Command =>
  new Command('user').description('accounts').addCommand(
    new Command('add')
      .description('make an account; without a password, one is drawn and printed once')
      .addOption(
        new Option('--role <role>', 'what they are').choices(USER_ROLES).makeOptionMandatory(),
      )
      .requiredOption('--email <email>')
      .requiredOption('--name <name>')
      .option('--password <password>', `at least ${LEAST_PASSWORD} characters`)
      .option('--store <id>', 'whose people they are (role store)')
      .addOption(
        new Option('--capacity <n>', 'orders carried at once (role driver)').choices(['1', '2']),
      )
      .action((options: Options) => addUser(options)),
  );

async function addUser(options: Options): Promise<void> {
  const { role, email, name, store, capacity } = options;
  const password = options.password ?? randomBytes(15).toString('base64url');
  if (password.length < LEAST_PASSWORD) {
    throw new CommandError(`the password must have at least ${LEAST_PASSWORD} characters`);
  }
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw new CommandError(
      `${email} is not an e-mail address; it should look like ann@example.org`,
    );
  }
  await withStorage(async ({ open, ensureIndexes }) => {
    const config = loadProcessConfig();
    const { accounts } = await createPeople({ config, open, clock: createSystemClock() });
    await ensureIndexes();
    const user = await accounts.addUser({
      ...{ role, email, name, password },
      ...(store === undefined ? {} : { storeId: store }),
      ...(capacity === undefined ? {} : { capacity: Number(capacity) }),
    });
    process.stdout.write(`${user.role} ${user.email}, id ${user._id}\n`);
    if (!options.password) process.stdout.write(`password: ${password} (shown only once)\n`);
  });
}
