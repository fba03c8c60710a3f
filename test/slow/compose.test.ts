import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { findEnvoy } from '../../envoy/find-envoy.ts';
import { type EnvoyProcess, startEnvoy } from '../../envoy/run-envoy.ts';
import { hasSecretForm } from '../../src/keys/secret.ts';
import { adminClient } from '../support/admin-client.ts';
import { runModelgate } from '../support/cli-process.ts';
import { type ContainerProcess, projectFile, readComposeFile, runAsContainer } from '../support/compose.ts';
import { dataDirectory } from '../support/data-directory.ts';

const { services } = readComposeFile();
const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('modelgate bootstrap-key', () => {
  it('prints a new key of the form that --bootstrap-key-file wants, alone', async () => {
    const [one, other] = [await runModelgate(['bootstrap-key']), await runModelgate(['bootstrap-key'])];
    expect([one.code, one.stderr, hasSecretForm('legacy_key', one.stdout.trim())]).to.deep.equal([0, '', true]);
    expect(other.stdout).to.not.equal(one.stdout);
  });
});

/** docker-compose.yml without Docker: each process as its container runs it, with paths and hosts of this machine. */
describe('what docker-compose.yml starts', function () {
  this.timeout(120_000);
  const folder = dataDirectory();
  const keyFile = join(folder, 'bootstrap_key');
  const here = (text: string) =>
    text
      .replaceAll('/var/lib/modelgate', join(folder, 'lib'))
      .replaceAll('/run/modelgate', join(folder, 'run'))
      .replaceAll('/run/secrets', folder)
      .replaceAll(/0\.0\.0\.0:\d+/g, '127.0.0.1:0');
  const environment = Object.fromEntries(
    Object.entries(services.modelgate.environment ?? {}).map(([name, value]) => [name, here(value)]),
  );
  const started: ContainerProcess[] = [];
  let server: ContainerProcess;
  let envoy: EnvoyProcess;
  let adminUrl: string;
  let opsUrl: string;
  let key: string;

  const startModel = async (name: 'fraud' | 'churn') => {
    const { entrypoint = [], command = [] } = services[name];
    const model = runAsContainer([
      ...entrypoint,
      ...command.map(word => (/^\d+$/.test(word) ? '0' : word.replace('0.0.0.0', '127.0.0.1'))),
    ]);
    started.push(model);
    return Number((await model.says(/on 127\.0\.0\.1:(\d+)/))[1]);
  };

  before(async () => {
    key = (await runModelgate(['bootstrap-key'])).stdout.trim();
    writeFileSync(keyFile, `${key}\n`, { mode: 0o600 });
    for (const volume of ['lib', 'run']) {
      mkdirSync(join(folder, volume));
      chmodSync(join(folder, volume), 0o1777);
    }
    server = runAsContainer(['node', '/app/dist/src/main.js', 'serve'], environment);
    started.push(server);
    const at = async (what: RegExp) => String((await server.says(what))[1]);
    adminUrl = await at(/"admin API","protocol":"HTTP","on":"(http[^"]+)/);
    opsUrl = await at(/"ops routes","protocol":"HTTP","on":"(http[^"]+)/);
    const ports = { fraud: await startModel('fraud'), churn: await startModel('churn') };
    const configText = here(projectFile('envoy/compose/envoy.yaml'))
      .replaceAll(/address: 0\.0\.0\.0\n( +)port_value: 10000/g, 'address: 127.0.0.1\n$1port_value: 0')
      .replace('port_value: 9901', 'port_value: 0')
      .replaceAll(
        /address: (fraud|churn)\n( +)port_value: 8080/g,
        (_all, name: 'fraud' | 'churn', indent) => `address: 127.0.0.1\n${indent}port_value: ${ports[name]}`,
      );
    envoy = await startEnvoy({ binary: await findEnvoy(), configText, quiet: true });
  });
  after(async () => {
    await envoy?.close();
    await Promise.all(started.map(process => process.stop()));
  });

  const call = async (accessKey: string, apiKey: string) => {
    const answer = await fetch(`http://127.0.0.1:${envoy.gatewayPort}/model`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
      body: JSON.stringify({ accessKey }),
    });
    const { model, reason } = (await answer.json()) as { model?: string; reason?: string };
    return `${answer.status} ${model ?? reason}`;
  };

  it('gives Envoy a configuration that it takes as it is', async () => {
    const config = join(root, 'envoy/compose/envoy.yaml');
    const { stdout, stderr } = spawnSync(await findEnvoy(), ['--mode', 'validate', '--config-path', config], {
      encoding: 'utf8',
    });
    expect(stdout, stderr).to.contain('OK');
  });

  it('answers calls to both models by the site that its first key has made', async () => {
    const applied = await runModelgate(['apply', '--file', join(root, 'envoy/demo/demo-site.yaml')], {
      env: { MODELGATE_SERVER: adminUrl, MODELGATE_KEY_FILE: environment['MODELGATE_KEY_FILE'] ?? '' },
    });
    expect(applied.code, applied.stderr).to.equal(0);
    const admin = adminClient(adminUrl, key);
    const fraud = (await admin.get('/api/v2/projects/risk/models/fraud')).body.access_key;
    const churn = (await admin.get('/api/v2/projects/marketing/models/churn')).body.access_key;
    const { api_key } = (await admin.post('/api/v2/users/victor/v2_keys', {})).body;
    expect([await call(fraud, api_key), await call(churn, api_key), await call(fraud, 'nobody')]).to.deep.equal([
      '200 fraud',
      '200 churn',
      '401 api_key_invalid',
    ]);
  });

  it('is healthy by the command of its health check, and scraped where the API is not', async () => {
    const test = services.modelgate.healthcheck?.test ?? [];
    const probe = (url: string) => runAsContainer(test.slice(1).map(word => word.replace(/^http:.*/, url))).ended();
    expect([test[0], await probe(opsUrl), await probe('http://127.0.0.1:9')]).to.deep.equal(['CMD', 0, 1]);
    const ops = adminClient(opsUrl, key);
    expect((await ops.get('/metrics')).body).to.contain('modelgate_checks_total{');
    expect((await fetch(`${opsUrl}/api/v2/users`)).status).to.equal(404);
  });

  it('guards its socket by the group, and tells the key to nobody', async () => {
    const modes = ['run/check', 'run/check/check.sock', 'lib/data'].map(path =>
      (statSync(join(folder, path)).mode & 0o777).toString(8),
    );
    expect(modes).to.deep.equal(['750', '660', '700']);
    expect(started.map(process => process.said()).join('')).to.not.contain(key);
  });

  it('ends with 0 when it is stopped, models too', async () => {
    expect(await Promise.all(started.map(process => process.stop()))).to.deep.equal([0, 0, 0]);
    expect(existsSync(join(folder, 'run/check/check.sock'))).to.equal(false);
  });
});

describe('envoy/compose/first-key.sh', () => {
  const script = 'envoy/compose/first-key.sh';

  /** Runs the script in a folder of its own, with a `docker` that runs the image's command in this project instead. */
  function runScript(folder: string) {
    mkdirSync(join(folder, 'envoy/compose'), { recursive: true });
    writeFileSync(join(folder, script), projectFile(script));
    mkdirSync(join(folder, 'bin'), { recursive: true });
    const docker = `#!/bin/sh\n[ "$1" = run ] || exit 0\nexec '${process.execPath}' '${root}dist/src/main.js' bootstrap-key\n`;
    writeFileSync(join(folder, 'bin/docker'), docker, { mode: 0o755 });
    const PATH = [join(folder, 'bin'), process.env['PATH']].join(delimiter);
    return spawnSync('sh', [join(folder, script)], { env: { PATH }, encoding: 'utf8' });
  }
  const variables = (folder: string) =>
    Object.fromEntries(
      readFileSync(join(folder, '.env'), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map(line => line.split('=')),
    );

  it('makes a key for its reader alone, and lets the containers run as that reader, never as root', () => {
    const folder = dataDirectory();
    const { status, stdout, stderr } = runScript(folder);
    expect([status, stderr]).to.deep.equal([0, '']);
    const file = join(folder, 'modelgate-admin.key');
    const { mode, uid, gid } = statSync(file);
    const key = readFileSync(file, 'utf8').trim();
    expect([(mode & 0o777).toString(8), hasSecretForm('legacy_key', key), stdout.includes(key)]).to.deep.equal([
      '600',
      true,
      false,
    ]);
    expect(variables(folder)).to.deep.equal({ RUN_AS_UID: String(uid), RUN_AS_GID: String(gid) });
    expect(uid).to.be.above(0);
  });

  it('keeps a key that is there, and what else stands in .env', () => {
    const folder = dataDirectory();
    writeFileSync(join(folder, 'modelgate-admin.key'), 'mine');
    expect(runScript(folder)).to.include({ status: 1 });
    expect(readFileSync(join(folder, 'modelgate-admin.key'), 'utf8')).to.equal('mine');
    const other = dataDirectory();
    writeFileSync(join(other, '.env'), 'COMPOSE_PROFILES=x\n');
    expect(runScript(other)).to.include({ status: 0 });
    expect(variables(other)).to.have.keys('COMPOSE_PROFILES', 'RUN_AS_UID', 'RUN_AS_GID');
  });
});
