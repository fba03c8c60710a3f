import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Canaries, sendAdminRequests, sendChecks, sendDocumentedRequests } from '../support/canaries.ts';
import { type CheckClient, checkClient, modelCall } from '../support/check-client.ts';
import { runModelgate } from '../support/cli-process.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { type FaultSecrets, faultWays } from '../support/end-by-fault.ts';
import { startGateway } from '../support/envoy.ts';
import { initData, type ServeProcess, startProcess } from '../support/serve-process.ts';
import { sendSignIns } from '../support/session-canaries.ts';
import { until } from '../support/until.ts';

const keys = '/api/v2/users/root/v2_keys';

/** Everything but its one answer in which a secret of this run could show up, each by its name. */
type Sinks = Record<string, string | Buffer>;

describe('T24 secrets in every input', function () {
  this.timeout(120_000);
  const canaries = new Canaries();
  const sinks: Sinks = {};
  const reports = dataDirectory();
  let data: string;
  let server: ServeProcess;
  let checks: CheckClient;
  let accessKey: string;
  let live: string;

  before(async () => {
    data = dataDirectory();
    const legacyKey = canaries.add("the site admin's legacy key", await initData(data));
    const env = {
      NODE_OPTIONS: `--heapsnapshot-signal=SIGUSR2 --report-on-signal --report-signal=SIGWINCH --report-directory=${reports} --diagnostic-dir=${reports}`,
    };
    server = await startProcess(data, legacyKey, ['--log-level', 'debug'], { env });
    checks = checkClient(server.checkPort);
    const models = [{ model_id: 'fraud' }, { model_id: 'open', auth_enabled: false }];
    await server.admin.post('/api/v2/site:apply', {
      applications: [{ name: 'robot', owner: 'root' }],
      teams: [{ team: 'crew' }],
      projects: [{ project_id: 'p', owner: { username: 'root' }, models }],
    });
    // Access keys are confidential and may be read again: they stand in the database and in answers, and nowhere else.
    accessKey = (await server.admin.get('/api/v2/projects/p/models/fraud')).body.access_key;
    live = canaries.add('an API key', (await server.admin.post(keys, {})).body.api_key);
    const deleted = (await server.admin.post(keys, {})).body;
    canaries.add('a deleted API key', deleted.api_key);
    await checks.check(modelCall({ accessKey, bearer: deleted.api_key }));
    await server.admin.delete(`${keys}/${deleted.key_id}`);
    await checks.check(modelCall({ accessKey, bearer: live }));
    sinks['answers to checks'] = await sendChecks(canaries, checks, accessKey);
    sinks['answers of the admin API'] = await sendAdminRequests(canaries, server.admin.url, legacyKey);
    const known = { username: 'root', owner: 'root', name: 'robot', team: 'crew', project_id: 'p', model_id: 'fraud' };
    sinks['answers to documented requests'] = await sendDocumentedRequests(canaries, server.admin, known, live);
    canaries.add('the legacy key before it was rotated', legacyKey);
    sinks['answers to sign-ins'] = await sendSignIns(canaries, server.admin);
    await server.admin.post('/api/v2/site:backup');
  });
  after(async () => {
    checks?.close();
    await server?.terminate();
  });

  /** A line for each secret and the thing that it was found in. */
  const found = () =>
    Object.entries(sinks).flatMap(([name, sink]) => canaries.hits(sink).map(place => `${name}: ${place}`));

  it('are in no answer, log, metric, audit entry, export, database, log file, backup or process list', async () => {
    const read = async (path: string) => JSON.stringify((await server.admin.get(path)).body);
    const of = (file: string) => readFileSync(`/proc/${server.child.pid}/${file}`);
    sinks['metrics'] = await read('/metrics');
    sinks['health'] = await read('/readyz');
    sinks['audit'] = await read('/api/v2/audit_events?page_size=1000');
    sinks['export'] = await read('/api/v2/site');
    const lists = [keys, ...['users', 'applications', 'teams', 'projects', 'models'].map(name => `/api/v2/${name}`)];
    sinks['lists'] = (await Promise.all(lists.map(read))).join('\n');
    sinks['denials'] = await read('/api/v2/denials?page_size=1000');
    sinks['explanation'] = JSON.stringify(
      (await server.admin.post('/api/v2/decisions:explain', { access_key: accessKey, api_key: live })).body,
    );
    sinks['log'] = server.stderr();
    for (const { name } of readdirSync(data, { withFileTypes: true }).filter(entry => entry.isFile())) {
      sinks[`data/${name}`] = readFileSync(join(data, name));
    }
    Object.assign(sinks, { cmdline: of('cmdline'), environ: of('environ') });
    expect(Object.keys(sinks).filter(name => name.startsWith('data/'))).to.have.length(4);
    expect(sinks['log']).to.contain('check denied');
    expect(canaries.hits(`x ${live} y`)).to.deep.equal(['an API key']);
    expect(canaries.count).to.be.greaterThan(800);
    expect(found().join('\n')).to.equal('');
  });

  it('are in no diagnostic report, and in no access log of Envoy', async () => {
    const gateway = await startGateway({ check: server.checkPort, models: ['fraud', 'open'] });
    const id = 'a-request-that-was-logged';
    const query = `accessKey=${canaries.accessKey('query through Envoy')}&other=${canaries.apiKey('query through Envoy')}`;
    const headers = {
      authorization: `Bearer ${canaries.apiKey('bearer through Envoy')}`,
      'x-api-key': live,
      cookie: live,
    };
    const bodies = [undefined, JSON.stringify({ accessKey, request: live })];
    const answers = await Promise.all(
      bodies.map(body =>
        fetch(`${gateway.url}/model${body ? '' : `?${query}`}`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json', 'x-request-id': id },
          ...(body ? { body } : {}),
        }),
      ),
    );
    await until('Envoy has logged both', async () => gateway.accessLog().length >= bodies.length);
    sinks["Envoy's access log"] = JSON.stringify(gateway.accessLog());
    sinks["Envoy's answers to refusals"] = await (answers[0] as Response).text();
    await gateway.close();
    server.child.kill('SIGWINCH');
    await until('a report is written', async () => reportOf(reports, 'report').endsWith('}'));
    sinks['report'] = reportOf(reports, 'report');
    expect(found().join('\n')).to.equal('');
  });

  it('are let go of: after a garbage collection the JavaScript heap holds none of them', async () => {
    // What a library keeps of a connection goes with the next call, or with the connection.
    for (let n = 0; n < 200; n += 1) {
      await checks.check(modelCall({ accessKey, bearer: 'nobody' }));
    }
    for (let n = 0; n < 20; n += 1) {
      await fetch(`${server.admin.url}/healthz`);
    }
    server.child.kill('SIGUSR2');
    await until('a heap snapshot is written', async () => reportOf(reports, 'Heap').endsWith('}'));
    const heap = reportOf(reports, 'Heap');
    expect(heap).to.contain('api_key_invalid');
    const held = canaries.hits(heap);
    process.stdout.write(`      held: ${held.join('; ') || 'none'}\n`);
    expect(held).to.deep.equal([]);
  });

  it('are in no word of a command line that takes a key where none belongs', async () => {
    const file = join(dataDirectory(), 'key');
    writeFileSync(file, `${canaries.legacyKey('a key file')}\n`, { mode: 0o644 });
    const env = { MODELGATE_SERVER: server.admin.url, MODELGATE_KEY_FILE: file };
    const ownFile = join(dataDirectory(), 'key');
    writeFileSync(ownFile, server.admin.key, { mode: 0o600 });
    const signedIn = { ...env, MODELGATE_KEY_FILE: ownFile };
    const lines: [argv: string[], env: Record<string, string>, stdin?: string][] = [
      [['users', 'list'], env],
      [['users', 'list', '--key-file', canaries.legacyKey('--key-file')], env],
      [['users', 'list'], { ...env, MODELGATE_KEY_FILE: canaries.legacyKey('MODELGATE_KEY_FILE') }],
      [['users', 'list'], { ...env, MODELGATE_SERVER: `http://x:${canaries.foreign('MODELGATE_SERVER')}@127.0.0.1:1` }],
      [['serve', '--data', dataDirectory(), '--bootstrap-key-file', canaries.legacyKey('--bootstrap-key-file')], {}],
      [['serve', '--data', dataDirectory(), '--bootstrap-key-file', file, '--admin-listen', 'nowhere'], {}],
      [['keys', 'validate'], env, canaries.apiKey('a key on standard input')],
      [['keys', 'validate'], env, `${canaries.apiKey('two keys on standard input')} ${live}`],
      [['keys', 'revoke'], env, canaries.apiKey('a key to revoke on standard input')],
      [['explain', canaries.accessKey('the model of explain')], signedIn],
      [['explain', '--api-key-file', canaries.apiKey('--api-key-file'), '--pin', 'fraud'], signedIn],
      [['explain', '--access-key-file', canaries.accessKey('--access-key-file')], signedIn],
      [['explain', '--access-key-file', '-'], signedIn, canaries.accessKey('an access key on standard input')],
      [['explain', 'fraud', '--api-key-file', '-'], signedIn, canaries.apiKey('an API key on standard input')],
      [
        ['explain', '--request', '-'],
        env,
        `{"headers": {"x-api-key": "${canaries.apiKey('a request on standard input')}`,
      ],
      [['settings', 'set', '--gateway-url', `http://h/${canaries.apiKey('--gateway-url')}`], signedIn],
      [['apply', '-f', '-'], env, `users: [{username: x, password: ${canaries.foreign('YAML')}}]`],
      [['apply', '-f', '-'], env, `{"users": [${canaries.foreign('broken YAML')}`],
    ];
    for (const [argv, environment, stdin = ''] of lines) {
      const { stdout, stderr } = await runModelgate(argv, { env: environment, stdin });
      sinks[`modelgate ${argv[0]} ${argv[1]}`] = stdout + stderr;
      expect(canaries.hits(stdout + stderr), stderr).to.deep.equal([]);
    }
  });

  it('can be read by no debugger: SIGUSR1 opens none, and serve refuses to start with one', async () => {
    server.child.kill('SIGUSR1');
    expect((await server.admin.get('/healthz')).status).to.equal(200);
    expect(server.stderr()).to.not.contain('Debugger listening');
    const refused = await runModelgate(['serve', '--data', data], { env: { NODE_OPTIONS: '--inspect=127.0.0.1:0' } });
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.contain('start without --inspect');
  });

  for (const way of Object.keys(faultWays)) {
    it(`are in nothing that a process says at its end by ${way}, nor in a report of it`, async () => {
      const [own, faultFile] = [dataDirectory(), join(dataDirectory(), 'fault')];
      const secret = (place: string) => canaries.foreign(`${place} of ${way}`);
      const secrets: FaultSecrets = {
        message: `${canaries.apiKey(`message of ${way}`)} ${secret('message')}`,
        lines: [secret('first line'), `    ${canaries.legacyKey(`second line of ${way}`)}`],
        cause: canaries.accessKey(`cause of ${way}`),
        field: secret('field'),
        json: canaries.add(`text that ${way} quotes`, 'canary~7f3'),
      };
      writeFileSync(faultFile, JSON.stringify({ way, secrets }));
      const module = new URL('../support/end-by-fault.js', import.meta.url).href;
      const env = {
        FAULT_FILE: faultFile,
        NODE_OPTIONS: `--import=${module} --report-uncaught-exception --report-directory=${own}`,
      };
      const ending = await startProcess(own, await initData(own), [], { env });
      ending.child.kill('SIGCONT');
      await until('it has ended', () => ending.child.exitCode !== null);
      sinks[`last words after ${way}`] = ending.stderr();
      for (const { name } of readdirSync(own, { withFileTypes: true }).filter(entry => entry.isFile())) {
        sinks[`${name} after ${way}`] = readFileSync(join(own, name));
      }
      expect(ending.child.exitCode).to.equal(1);
      expect(ending.stderr()).to.contain('ending after a fault that nothing caught');
      expect(found().join('\n')).to.equal('');
    });
  }

  it('are in nothing that a process says at its end by a signal', async () => {
    const before = server.stderr().length;
    server.child.kill('SIGABRT');
    await until('it has ended', async () => server.child.signalCode !== null || server.child.exitCode !== null);
    sinks['last words'] = server.stderr();
    expect(server.stderr().length).to.be.at.least(before);
    expect(found().join('\n')).to.equal('');
  });
});

function reportOf(directory: string, prefix: string): string {
  const names = readdirSync(directory).filter(name => name.startsWith(prefix));
  return names.map(name => readFileSync(join(directory, name), 'utf8').trim()).join('\n');
}
