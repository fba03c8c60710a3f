import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { init, type RunningServer, serve } from '../../src/assemble.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { createLog } from '../../src/log/log.ts';
import { adminClient } from '../support/admin-client.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { freePort } from '../support/ports.ts';
import { until } from '../support/until.ts';

interface Starting {
  readonly serving: Promise<RunningServer>;
  /** Everything that it logged. */
  logged(): string;
}

/** A server in this process on a data directory that exists, with whatever flags a test needs. */
function start(data: string, flags: Readonly<Record<string, string>> = {}): Starting {
  const logged: string[] = [];
  const listen = { 'check-listen': '127.0.0.1:0', 'admin-listen': '127.0.0.1:0' };
  const log = createLog('info', { write: line => logged.push(line) });
  return { serving: serve(readConfig({ data, ...listen, ...flags }, {}), { log }), logged: () => logged.join('') };
}

/** A server, and the one that waits for its place. */
async function startTwo(data: string, flags: Readonly<Record<string, string>> = {}) {
  const old = await start(data, flags).serving;
  const next = start(data, { 'check-listen': `127.0.0.1:${old.checkPort}`, 'take-over-ms': '60000' });
  await until('the next one waits', () => next.logged().includes('to hand over'));
  return { old, next };
}

async function connected(target: number | string): Promise<Socket> {
  const socket = typeof target === 'number' ? connect(target, '127.0.0.1') : connect(target);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

describe('T19 a server that takes the place of another', () => {
  let data: string;
  let legacyKey: string;

  beforeEach(async () => {
    data = dataDirectory();
    legacyKey = await init(data, 'root');
  });

  it('B38 serves its admin API only when the old one answers nothing any more', async () => {
    const { old, next } = await startTwo(data, { 'drain-ms': '1500' });
    // It says nothing, so the old server waits for it as long as for any client.
    const silent = await connected(old.checkPort as number);
    const events: string[] = [];
    const ending = old.close().then(() => events.push('old ended'));
    const { checkPort, close } = await next.serving;
    events.push('next serves');
    await ending;
    silent.destroy();
    await close();
    expect(events).to.deep.equal(['old ended', 'next serves']);
    expect(checkPort).to.equal(old.checkPort);
  });

  it('R03 is alive and not ready while it waits, and says what for', async () => {
    const old = await start(data).serving;
    const port = await freePort();
    const next = start(data, { 'admin-listen': `127.0.0.1:${port}`, 'take-over-ms': '60000' });
    await until('the next one answers', () => next.logged().includes('answering probes'));
    const client = adminClient(`http://127.0.0.1:${port}`, legacyKey);
    const answers = await Promise.all(['/healthz', '/readyz', '/api/v2/users'].map(path => client.get(path)));
    const large = await client.post('/api/v2/site:apply', { users: [{ username: 'a', name: 'x'.repeat(5000) }] });
    const [{ close }] = await Promise.all([next.serving, old.close()]);
    const ready = await client.get('/readyz');
    await close();
    expect([...answers, large].map(({ status }) => status)).to.deep.equal([200, 503, 503, 503]);
    expect(next.logged()).to.not.contain('"level":50');
    expect(JSON.stringify(answers[1]?.body)).to.contain('waiting to take over');
    expect(ready.status).to.equal(200);
  });

  it('B41 has every change that the old one acknowledged', async () => {
    const { old, next } = await startTwo(data);
    const before = adminClient(`http://127.0.0.1:${old.adminPort}`, legacyKey);
    await before.post('/api/v2/users', { username: 'ada' });
    const [{ adminPort, close }] = await Promise.all([next.serving, old.close()]);
    const found = await adminClient(`http://127.0.0.1:${adminPort}`, legacyKey).get('/api/v2/users/ada');
    await close();
    expect(found.status).to.equal(200);
  });

  it('takes no change in the old one once the store is given up', async () => {
    const old = await start(data, { 'drain-ms': '60000' }).serving;
    const successor = await connected(join(data, 'hand-over.sock'));
    await once(successor, 'data');
    const ending = old.close();
    await once(successor, 'data');
    const write = adminClient(`http://127.0.0.1:${old.adminPort}`, legacyKey).post('/api/v2/users', {
      username: 'eve',
    });
    const refused = await write.catch(fault => fault.cause.code);
    successor.destroy();
    await ending;
    expect(refused).to.equal('ECONNREFUSED');
  });

  it('B38 lets no other server have the store that it gave up while it still answers', async () => {
    const old = await start(data, { 'drain-ms': '60000' }).serving;
    const successor = await connected(join(data, 'hand-over.sock'));
    await once(successor, 'data');
    const ending = old.close();
    await once(successor, 'data');
    const fault = await start(data).serving.catch(cause => cause);
    successor.destroy();
    await ending;
    expect(fault.code).to.equal('in_use');
    await (await start(data).serving).close();
  });

  it('B22 ends at the limit of the drain where the next one says nothing', async () => {
    const old = await start(data, { 'drain-ms': '100' }).serving;
    const silent = await connected(join(data, 'hand-over.sock'));
    await once(silent, 'data');
    await old.close();
    await once(silent, 'close');
  });

  it('goes on when whoever asks for its place hangs up before it is answered', async () => {
    const old = await start(data).serving;
    for (let asked = 0; asked < 50; asked += 1) {
      (await connected(join(data, 'hand-over.sock'))).destroy();
    }
    const ready = await adminClient(`http://127.0.0.1:${old.adminPort}`, '').get('/readyz');
    await old.close();
    expect(ready.status).to.equal(200);
  });

  it('hangs up on whoever sends it what is no message', async () => {
    const old = await start(data).serving;
    const junk = await connected(join(data, 'hand-over.sock'));
    junk.resume().write('x'.repeat(1000));
    await once(junk, 'close');
    await old.close();
  });

  it('refuses to start where the place is not given up within the limit', async () => {
    const old = await start(data).serving;
    const fault = await start(data, { 'take-over-ms': '200' }).serving.catch(cause => cause);
    await old.close();
    expect(fault.code).to.equal('in_use');
  });

  for (const flag of ['check-listen', 'admin-listen']) {
    it(`waits for its ${flag} where something else has it for a moment, such as a connection out of that port`, async () => {
      const old = await start(data).serving;
      const passing = createServer().listen(0, '127.0.0.1');
      await once(passing, 'listening');
      const { port } = passing.address() as AddressInfo;
      const next = start(data, { [flag]: `127.0.0.1:${port}`, 'take-over-ms': '60000' });
      await until('the next one waits', () => next.logged().includes('to hand over'));
      const ended = old.close();
      await Promise.race([next.serving, sleep(500)]).finally(() => passing.close());
      const { close, ...ports } = await next.serving;
      await Promise.all([ended, close()]);
      expect(flag === 'check-listen' ? ports.checkPort : ports.adminPort).to.equal(port);
    });
  }
});
