import { newPrincipalName } from '../../admin/schemas/fields.ts';
import { settings } from '../../config/serve-settings.ts';
import { shellWord } from '../../words/shell-word.ts';
import type { AddCommand } from '../api-command.ts';
import { UsageError } from '../cli-error.ts';
import { dataDirectory } from '../data-directory.ts';
import { futureAdminOrigin, showFirstSignIn } from '../first-sign-in.ts';
import { text } from '../options.ts';
import type { Terminal } from '../output/terminal.ts';
import { settingOption } from '../setting-option.ts';
import type { Surroundings } from '../surroundings.ts';

export const initCommand: AddCommand = (cli, at, terminal) =>
  cli.command(
    'init',
    'Create the store and its first site admin; prints the legacy key, once, and at a terminal a link to sign in by.',
    options =>
      options
        .example('$0 init --admin alice > alice.key', '')
        .example('$0 init --recover --admin alice > alice.key', '')
        .option('recover', {
          type: 'boolean',
          describe:
            'the store is there: give this site admin of it, whose key is lost, a new one, while no server runs on it',
        })
        .option('admin', { ...text('username of the site admin'), demandOption: true })
        .option(settings.data.flag, settingOption(settings.data))
        .check(({ admin }) => requireIdentifier(admin)),
    async ({ admin, data, recover: isRecovery }) =>
      (isRecovery ? recover : init)(admin, dataDirectory(data, at), at, terminal),
  );

function requireIdentifier(admin: string): true {
  const { error } = newPrincipalName.safeParse(admin);
  if (error) {
    throw new UsageError(`--admin ${error.issues.map(({ message }) => message).join('; ')}`);
  }
  return true;
}

async function init(admin: string, data: string, at: Surroundings, terminal: Terminal): Promise<void> {
  const origin = futureAdminOrigin(at);
  const legacyKey = await at.init(data, admin);
  terminal.note(`site admin ${admin} made in ${data}; the legacy key, shown this once, is on standard output`);
  await terminal.printSecret(
    legacyKey,
    `the key is lost, and nobody else can administer this site: remove ${data} and run init again`,
  );
  await showFirstSignIn(terminal, () => at.firstSignIn(data, origin));
  const next = [
    'next: keep the key in a file that only you can read (chmod 600), then',
    `modelgate serve --data ${shellWord(data)}`,
  ];
  terminal.note([...next, 'export MODELGATE_KEY_FILE=FILE; modelgate status'].join('\n  '));
}

/** For whoever holds the data directory, and could write anything into it. */
async function recover(admin: string, data: string, at: Surroundings, terminal: Terminal): Promise<void> {
  const legacyKey = await at.recover(data, admin);
  terminal.note(
    `site admin ${admin} of ${data} has a new legacy key, shown this once, on standard output; the old one, and all sessions and links of ${admin}, have ended`,
  );
  await terminal.printSecret(legacyKey, 'the key is lost: run this again');
}
