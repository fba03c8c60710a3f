import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findEnvoy } from '../find-envoy.ts';
import { renderConfig } from '../render-config.ts';
import { startEnvoy } from '../run-envoy.ts';
import { startSampleModel } from '../sample-model.ts';
import { type AdminApi, adminApi } from './admin-api.ts';
import { type DemoCall, makeDemoCalls } from './demo-calls.ts';
import { type DemoKeys, seed } from './demo-keys.ts';
import { initStore, startServer } from './demo-server.ts';
import { callTable, type DemoAddresses, environmentFile, invitation } from './demo-text.ts';
import { refuseTakenPort } from './refuse-taken-port.ts';

const usage = `npm run demo -- [OPTIONS]: Modelgate behind a real Envoy, with two sample models and seeded keys

  --once                  end after the table, with 0 when every call came out as wanted, else 1
  --gateway-port PORT     Envoy's listener (10000)
  --envoy-admin-port PORT Envoy's own admin page (9901)
  --check-port PORT       where Envoy asks Modelgate (9191)
  --admin-port PORT       Modelgate's admin API (9192)
`;

const directory = fileURLToPath(new URL('../../../.demo', import.meta.url));
const environmentPath = join(directory, 'env');

interface Options {
  readonly once: boolean;
  readonly gatewayPort: number;
  readonly envoyAdminPort: number;
  readonly checkPort: number;
  readonly adminPort: number;
}

interface Demo {
  readonly calls: readonly DemoCall[];
  readonly addresses: DemoAddresses;
  /** Signs a browser in as the site admin, once. */
  readonly signInLink: string;
}

const closers: (() => Promise<unknown>)[] = [];
let closing: Promise<void> | undefined;

/** Ends what was started, last first; a second call waits for the first. */
function close(): Promise<void> {
  closing ??= (async () => {
    for (const each of closers.reverse()) {
      await each();
    }
  })();
  return closing;
}

async function start(options: Options): Promise<Demo> {
  const binary = await findEnvoy();
  // Before anything is removed: another demo may be running on this folder.
  await refuseTakenPort(options.gatewayPort, 'gateway-port');
  await refuseTakenPort(options.envoyAdminPort, 'envoy-admin-port');
  await refuseTakenPort(options.checkPort, 'check-port');
  await refuseTakenPort(options.adminPort, 'admin-port');
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { mode: 0o700 });
  const data = join(directory, 'data');
  const legacyKey = await initStore(data);
  const addresses = {
    gateway: `http://127.0.0.1:${options.gatewayPort}`,
    server: `http://127.0.0.1:${options.adminPort}`,
    keyFile: join(directory, 'admin.key'),
  };
  await writeFile(addresses.keyFile, `${legacyKey}\n`, { mode: 0o600 });
  await startAll(options, data, binary);

  const api = adminApi(addresses.server, legacyKey);
  const keys = await seed(api, addresses.gateway);
  const calls = await makeDemoCalls(addresses.gateway, api, keys);
  await writeEnvironment(addresses, await withCurrentAccessKeys(keys, api));
  return { calls, addresses, signInLink: await makeSignInLink(api) };
}

async function startAll(options: Options, data: string, binary: string): Promise<void> {
  const listen = [
    '--check-listen',
    `127.0.0.1:${options.checkPort}`,
    '--admin-listen',
    `127.0.0.1:${options.adminPort}`,
  ];
  const server = await startServer(['--data', data, ...listen]);
  closers.push(server.close);
  const models = await Promise.all(['fraud', 'churn'].map(name => startSampleModel({ name, port: 0 })));
  closers.push(...models.map(model => model.close));
  const configText = await renderConfig({
    gatewayPort: options.gatewayPort,
    adminPort: options.envoyAdminPort,
    check: { host: '127.0.0.1', port: options.checkPort },
    models: Object.fromEntries(models.map(({ name, port }) => [name, port])),
  });
  const envoy = await startEnvoy({ binary, configText, quiet: true });
  closers.push(envoy.close);
}

/** One of the calls regenerated an access key; the environment file must hold the one that works. */
async function withCurrentAccessKeys(keys: DemoKeys, api: AdminApi): Promise<DemoKeys> {
  const { access_key } = await api('GET', '/api/v2/projects/marketing/models/churn');
  return { ...keys, accessKeyChurn: String(access_key) };
}

async function makeSignInLink(api: AdminApi): Promise<string> {
  const { url } = await api('POST', '/api/v2/users/admin:sign_in_link', {});
  return String(url);
}

async function writeEnvironment(addresses: DemoAddresses, keys: DemoKeys): Promise<void> {
  await writeFile(environmentPath, environmentFile(addresses, keys), { mode: 0o600 });
}

function readOptions(): Options {
  const port = (text: string | undefined, fallback: number, flag: string) => {
    const value = text === undefined ? fallback : Number(text);
    if (!Number.isInteger(value) || value < 1 || value > 65_535) {
      throw new Error(`--${flag} must be a port, 1 to 65535\n\n${usage}`);
    }
    return value;
  };
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      once: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      'gateway-port': text,
      'envoy-admin-port': text,
      'check-port': text,
      'admin-port': text,
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  return {
    once: values.once,
    gatewayPort: port(values['gateway-port'], 10_000, 'gateway-port'),
    envoyAdminPort: port(values['envoy-admin-port'], 9901, 'envoy-admin-port'),
    checkPort: port(values['check-port'], 9191, 'check-port'),
    adminPort: port(values['admin-port'], 9192, 'admin-port'),
  };
}

async function main(): Promise<void> {
  const options = readOptions();
  process.once('SIGINT', () => void close().then(() => process.exit(0)));
  process.once('SIGTERM', () => void close().then(() => process.exit(0)));
  process.stderr.write('Starting Modelgate, two sample models and Envoy ...\n');
  const { calls, addresses, signInLink } = await start(options);
  process.stdout.write(`\n${callTable(calls)}\n\n`);
  if (options.once) {
    process.exitCode = calls.every(({ want, got }) => want === got) ? 0 : 1;
    await close();
    return;
  }
  process.stdout.write(`${invitation(addresses, environmentPath, signInLink)}\n`);
}

try {
  await main();
} catch (error) {
  await close();
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
