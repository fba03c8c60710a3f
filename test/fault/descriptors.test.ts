import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { checkClient, modelCall } from '../support/check-client.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { initData, startProcess } from '../support/serve-process.ts';
import { until } from '../support/until.ts';

/** Enough for Node.js, the store and some connections. */
const descriptors = 200;
const flood = 300;

describe('fault: no descriptors left', function () {
  this.timeout(60_000);

  it('T50 ends no process: checks under way go on, and all of it when descriptors are back', async () => {
    const data = dataDirectory();
    const limited = { wrap: ['sh', '-c', `ulimit -n ${descriptors}; exec "$@"`, 'sh'] };
    const server = await startProcess(data, await initData(data), [], limited);
    const checks = checkClient(server.checkPort);
    const answers = async () => (await checks.check(modelCall({ accessKey: 'unknown' }))).deniedResponse?.status?.code;
    const before = await answers();
    const port = Number(new URL(server.admin.url).port);
    const sockets = await Promise.all(Array.from({ length: flood }, () => opened(port)));
    // The kernel takes connections in before the process does.
    const open = () => readdirSync(`/proc/${server.child.pid}/fd`).length;
    await until('no descriptor is left', () => descriptors - open() <= 1);
    const during = await answers();
    for (const socket of sockets) {
      socket.destroy();
    }
    await until('the admin API answers', async () => (await server.admin.get('/readyz')).status === 200);
    const { status } = await server.admin.post('/api/v2/users', { username: 'ada' });
    const exitCode = server.child.exitCode;
    checks.close();
    expect([before, during, status, exitCode]).to.deep.equal([404, 404, 201, null]);
    expect(await server.terminate()).to.equal(0);
  });
});

/** A connection that the kernel has taken in, whether or not the process could. */
async function opened(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  return socket;
}
