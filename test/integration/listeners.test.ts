import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { credentials, loadPackageDefinition, makeGenericClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { expect } from 'chai';
import { serve } from '../../src/assemble.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { createLog } from '../../src/log/log.ts';
import { adminClient } from '../support/admin-client.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { initData } from '../support/serve-process.ts';
import { startServer, type TestServer } from '../support/server.ts';

describe('ops routes on a listener of their own', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({ flags: { 'ops-listen': '127.0.0.1:0' } });
  });
  after(() => server.close());

  it('answer as on the admin port, which keeps them', async () => {
    const ops = adminClient(`http://127.0.0.1:${server.opsPort}`, '');
    expect((await ops.get('/metrics')).body).to.contain('modelgate_snapshot_revision 1\n');
    for (const path of ['/healthz', '/readyz']) {
      const [there, here] = [await ops.get(path), await server.admin.get(path)];
      expect([there.status, Object.keys(there.body)]).to.deep.equal([200, Object.keys(here.body)]);
    }
  });

  it('have nothing beside them, whoever asks', async () => {
    const { admin } = server;
    const ops = { get: (path: string) => fetch(`http://127.0.0.1:${server.opsPort}${path}`) };
    for (const path of ['/', '/api/v2/users', '/api/v2/openapi.json', '/api/v2/auth/validate_key', '/metrics/x']) {
      const answer = await ops.get(path);
      const { code, details, message } = (await answer.json()) as { code: number; details: []; message: string };
      expect([answer.status, code, details, message.length > 0], path).to.deep.equal([404, 5, [], true]);
    }
    expect((await admin.get('/api/v2/users')).status).to.equal(200);
  });

  it('take no method but GET and HEAD, and no bytes that are no request', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const { status } = await fetch(`http://127.0.0.1:${server.opsPort}/metrics`, { method });
      expect(status, method).to.equal(404);
    }
  });

  it('name their setting where the address is taken', async () => {
    const fault = await startServer({ flags: { 'ops-listen': `127.0.0.1:${server.opsPort}` } }).catch(
      (error: Error) => error.message,
    );
    expect(fault).to.contain('is taken').and.to.contain('--ops-listen (MODELGATE_OPS_LISTEN)');
  });
});

interface ListServices {
  readonly listServicesResponse: { readonly service: readonly { readonly name: string }[] };
}

/** Asks a version of grpc.reflection for the services; answers their names, or the status of the refusal. */
async function listServices(port: number, version: 'v1' | 'v1alpha'): Promise<readonly string[] | number> {
  const [file] = [`@grpc/reflection/build/proto/grpc/reflection/${version}/reflection.proto`];
  const definition = loadSync(new URL(`../../../node_modules/${file}`, import.meta.url).pathname);
  const name = `grpc.reflection.${version}.ServerReflection`;
  loadPackageDefinition(definition);
  const Client = makeGenericClientConstructor(definition[name] as never, name);
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const call = (client['ServerReflectionInfo'] as () => ReturnType<typeof client.makeBidiStreamRequest>).call(client);
  call.write({ listServices: '' });
  call.end();
  const names: string[] = [];
  try {
    for await (const answer of call) {
      names.push(...(answer as ListServices).listServicesResponse.service.map(service => service.name));
    }
    return names.sort();
  } catch (fault) {
    return (fault as { code: number }).code;
  } finally {
    client.close();
  }
}

describe('T20 reflection', () => {
  it('is off: nobody is told what the check port offers', async () => {
    const server = await startServer();
    const answers = [await listServices(server.checkPort, 'v1'), await listServices(server.checkPort, 'v1alpha')];
    await server.close();
    expect(answers).to.deep.equal([12, 12]);
  });

  it('lists the check service and health where it is asked for, in both versions', async () => {
    const server = await startServer({ flags: { reflection: 'true' } });
    const services = ['envoy.service.auth.v3.Authorization', 'grpc.health.v1.Health'];
    const answers = [await listServices(server.checkPort, 'v1'), await listServices(server.checkPort, 'v1alpha')];
    await server.close();
    expect(answers).to.deep.equal([services, services]);
  });
});

describe('T20 the socket of the check service', () => {
  const lines: string[] = [];
  let data: string;
  beforeEach(async () => {
    lines.length = 0;
    data = dataDirectory();
    await initData(data);
  });
  /** Starts, runs, and stops a server on a socket; answers "started", or why it did not. */
  const start = async (socket: string, whileUp: () => unknown = () => undefined): Promise<string> => {
    const flags = { data, 'admin-listen': '127.0.0.1:0', 'check-listen': `unix:${socket}` };
    const log = createLog('warn', { write: line => lines.push(JSON.parse(line).msg) });
    try {
      const running = await serve(readConfig(flags, {}), { log });
      await whileUp();
      await running.close();
      return 'started';
    } catch (fault) {
      return (fault as Error).message;
    }
  };
  const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8);

  it('is 0660 in a folder that is made 0750, and gone at the end', async () => {
    const socket = join(dataDirectory(), 'run', 'check.sock');
    const modes: string[] = [];
    expect(await start(socket, () => modes.push(modeOf(socket), modeOf(dirname(socket))))).to.equal('started');
    expect(modes).to.deep.equal(['660', '750']);
    expect(existsSync(socket)).to.equal(false);
    expect(lines.join()).to.not.contain('folder');
  });

  it('is 0660 in folders of 0750 under a mask of 077 too, so that Envoy gets in by its group', async () => {
    const socket = join(dataDirectory(), 'run', 'checks', 'check.sock');
    const folder = dirname(socket);
    const modes: string[] = [];
    const mask = process.umask(0o077);
    const look = () => modes.push(modeOf(socket), modeOf(folder), modeOf(dirname(folder)));
    const started = await start(socket, look).finally(() => process.umask(mask));
    expect([started, ...modes]).to.deep.equal(['started', '660', '750', '750']);
  });

  it('lies in no folder where everybody could put another in its place', async () => {
    const folder = join(dataDirectory(), 'open');
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    const fault = await start(join(folder, 'check.sock'));
    expect(fault).to.contain('writable for everybody').and.to.contain('--check-listen (MODELGATE_CHECK_LISTEN)');
    chmodSync(folder, 0o1777);
    expect(await start(join(folder, 'check.sock'))).to.equal('started');
    expect([fault, ...lines].join(''))
      .to.contain('all users share: give it one of its own')
      .and.to.not.contain('chmod');
  });

  it('takes the place of nothing that is no socket, be it a file or a link', async () => {
    const folder = dataDirectory();
    const [file, link] = [join(folder, 'file'), join(folder, 'link')];
    writeFileSync(file, 'mine');
    symlinkSync(file, link);
    for (const path of [file, link]) {
      expect(await start(path))
        .to.contain('is no socket: remove it')
        .and.to.contain('--check-listen');
    }
    expect(readFileSync(file, 'utf8')).to.equal('mine');
  });

  it('takes the place of one that a crash left', async () => {
    const socket = join(dataDirectory(), 'check.sock');
    const crash = `require('net').createServer().listen('${socket}', () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', crash]);
    expect(statSync(socket).isSocket()).to.equal(true);
    expect(await start(socket)).to.equal('started');
  });

  it('leaves a socket alone that somebody answers on', async () => {
    const socket = join(dataDirectory(), 'check.sock');
    const other = createServer().listen(socket);
    await new Promise(resolve => other.once('listening', resolve));
    expect(await start(socket)).to.contain('is taken by another process');
    expect(existsSync(socket)).to.equal(true);
    await new Promise(resolve => other.close(resolve));
  });
});
