import type { Argv } from 'yargs';
import type { z } from 'zod';
import type { newOidcIdentity, OidcIdentity } from '../../admin/schemas/oidc-identities.ts';
import type { SignInLink } from '../../admin/schemas/sessions.ts';
import { apiPath } from '../api/api-path.ts';
import { type AddCommand, addApiCommand } from '../api-command.ts';
import { text, withFormat } from '../options.ts';
import { showDone, showSecret, showThing } from '../output/show.ts';

const signInLink: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'sign-in-link <username>',
    description: 'Make a link that signs a user in to the admin pages, once, within 10 minutes; prints it.',
    example: 'users sign-in-link bob',
    options: options => withFormat(withUsername(options)),
    run: async ({ username, output }, api) => {
      const link = await api.write<SignInLink>('POST', apiPath`/users/${username}:sign_in_link`, {});
      terminal.note(`whoever opens this link first is signed in as ${username}`);
      await showSecret(terminal, output, {
        answer: link,
        secret: link.url,
        ifLost: 'the link is lost: make another one',
      });
    },
  });

const linkIdentity: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'link-identity <username>',
    description: 'Say who a user is at the OpenID provider, so that it can sign in there.',
    example: 'users link-identity bob --subject 248289761001',
    options: options =>
      withFormat(withUsername(options))
        .option('subject', { ...text('`sub` of the user at the provider'), demandOption: true })
        .option('issuer', text('the provider, unless it is the one that is set up')),
    run: async ({ username, subject, issuer, output }, api) => {
      const body: z.input<typeof newOidcIdentity> = { subject, issuer };
      const path = apiPath`/users/${username}/oidc_identity`;
      await showThing(terminal, output, await api.write<OidcIdentity>('PUT', path, body));
    },
  });

const unlinkIdentity: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'unlink-identity <username>',
    description: 'Let a user no longer sign in at the OpenID provider.',
    example: 'users unlink-identity bob',
    options: options => withFormat(withUsername(options)),
    run: async ({ username, output }, api) => {
      await api.write('DELETE', apiPath`/users/${username}/oidc_identity`);
      await showDone(terminal, output, `${username} no longer signs in at a provider`);
    },
  });

/** The commands of users that are about signing in to the admin pages. */
export const signInCommands: readonly AddCommand[] = [signInLink, linkIdentity, unlinkIdentity];

export function withUsername<T>(cli: Argv<T>) {
  return cli.positional('username', { type: 'string', demandOption: true, describe: 'who' });
}
