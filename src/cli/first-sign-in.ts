import { type Config, readConfig } from '../config/read-config.ts';
import { environmentName, settings } from '../config/serve-settings.ts';
import type { Terminal } from './output/terminal.ts';
import type { FirstSignIn, Surroundings } from './surroundings.ts';

type Where = Pick<Config, 'adminUrl' | 'adminListen' | 'adminTlsCert'>;

/** Where the admin pages are: what is set, else where the server listens. */
export function adminOrigin({ adminUrl, adminListen, adminTlsCert }: Where, port = adminListen.port): string {
  // Nobody can connect to the address that stands for all of them.
  const host = /^(0\.0\.0\.0|::)$/.test(adminListen.host) ? 'localhost' : adminListen.host;
  const scheme = adminTlsCert === '' ? 'http' : 'https';
  return adminUrl ?? `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The same for a server that does not run yet; of its settings only these count. */
export function futureAdminOrigin(at: Surroundings): string {
  const names = [settings.adminUrl, settings.adminListen].map(({ flag }) => environmentName(flag));
  return adminOrigin(readConfig({}, Object.fromEntries(names.map(name => [name, at.env[name]]))));
}

/** Shows a link at a terminal, and nowhere else: what is not read by a person may be kept. */
export async function showFirstSignIn(
  terminal: Terminal,
  makeLink: () => Promise<FirstSignIn | undefined>,
): Promise<void> {
  const link = terminal.isTerminal ? await makeLink() : undefined;
  if (link) {
    await terminal.printSecret(
      `sign in as ${link.username}, once, within 10 minutes: ${link.url}`,
      'the link is lost: start again at a terminal for another one',
    );
  }
}
