import type { Argv } from 'yargs';
import { type Config, readConfig } from '../../config/read-config.ts';
import { type Setting, settings } from '../../config/serve-settings.ts';
import type { AddCommand } from '../api-command.ts';
import { adminOrigin, showFirstSignIn } from '../first-sign-in.ts';
import type { Terminal } from '../output/terminal.ts';
import { settingOption } from '../setting-option.ts';
import type { Served, Surroundings } from '../surroundings.ts';

/** Time after the drain for everything else to close, in milliseconds; then the process ends all the same. */
const afterDrainMs = 5000;

export const serveCommand: AddCommand = (cli, at, terminal) =>
  cli.command(
    'serve',
    'Run the server: the store, the check service for Envoy and the admin API.',
    options =>
      withSettings(options)
        .example('$0 serve --data /var/lib/modelgate', '')
        .epilogue('A flag goes before its environment variable, and that before the default.'),
    async args => serve(readConfig(args, at.env), at, terminal),
  );

function withSettings(cli: Argv): Argv {
  return Object.values<Setting<unknown>>(settings).reduce(
    (added, setting) => added.option(setting.flag, settingOption(setting)),
    cli,
  );
}

async function serve(config: Config, at: Surroundings, terminal: Terminal): Promise<void> {
  const served = await at.serve(config);
  const close = () => served.close();
  at.closeOnSignal(close, config.drainMs + afterDrainMs, text => terminal.note(text));
  const tell = (part: string, protocol: string, on: string) =>
    terminal.tell(`modelgate serve: ${part} (${protocol}) on ${on}`, { part, protocol, on }, 'listening');
  tell('checks', 'gRPC', checkAddress(config, served));
  const scheme = config.adminTlsCert === '' ? 'http' : 'https';
  const admin = address(config.adminListen.host, served.adminPort);
  if (config.opsListen && served.opsPort !== undefined) {
    tell('ops routes', 'HTTP', `http://${address(config.opsListen.host, served.opsPort)}`);
  }
  tell('admin API', scheme.toUpperCase(), `${scheme}://${admin}`);
  await showFirstSignIn(terminal, () => served.firstSignIn(adminOrigin(config, served.adminPort)));
}

/** Where it really listens, which port 0 leaves open until now. */
function checkAddress({ checkListen }: Config, { checkPort }: Served): string {
  return 'socket' in checkListen
    ? `unix:${checkListen.socket}`
    : address(checkListen.host, checkPort ?? checkListen.port);
}

function address(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
