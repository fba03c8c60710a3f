import { Agent, request } from 'node:http';
import { expect } from 'chai';
import { adminClient } from '../support/admin-client.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { initData, startProcess } from '../support/serve-process.ts';

const connections = 1000;
const deletions = 40;

describe('T55 S11 a thousand connections of one user that write', () => {
  it("leave another user's deletion of a key far ahead of as many writes in a row", async function () {
    this.timeout(300_000);
    const data = dataDirectory();
    const server = await startProcess(data, await initData(data));
    const mal = await newUser(server.admin, 'mal');
    const ada = await newUser(server.admin, 'ada');
    const keys: string[] = [];
    for (let n = 0; n < deletions; n += 1) {
      keys.push((await ada.post('/api/v2/users/ada/v2_keys')).body.key_id);
    }
    await mal.post('/api/v2/projects', { project_id: 'p' });
    const oneWrite = await msOf(() => mal.patch('/api/v2/projects/p', { name: 'p' }));
    const flood = startFlood(mal.url, mal.key);
    await flood.everyoneAnswered;
    const took: number[] = [];
    for (const key of keys) {
      took.push(
        await msOf(async () => expect((await ada.delete(`/api/v2/users/ada/v2_keys/${key}`)).status).to.equal(204)),
      );
    }
    const statuses = await flood.stop();
    await server.terminate();
    const slowest = Math.max(...took);
    const sorted = [...took].sort((a, b) => a - b);
    console.log(
      `      one write ${oneWrite.toFixed(1)} ms; under the flood ${JSON.stringify(Object.fromEntries(statuses))} deletions took ${sorted[deletions / 2]?.toFixed(0)} ms (median), ${slowest.toFixed(0)} ms (slowest of ${deletions})`,
    );
    expect([...statuses.keys()].sort()).to.deep.equal([200, 429]);
    expect(slowest).to.be.lessThan((oneWrite * connections) / 2);
  });
});

async function newUser(admin: ReturnType<typeof adminClient>, username: string) {
  await admin.post('/api/v2/users', { username });
  const { body } = await admin.post(`/api/v2/users/${username}/v1_key:rotate`);
  return adminClient(admin.url, body.legacy_key);
}

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** PUTs that change nothing on all connections, each sent again when it is answered. */
function startFlood(url: string, key: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const statuses = new Map<number, number>();
  let stopped = false;
  const send = () =>
    new Promise<void>((resolve, reject) => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const sent = request(`${url}/api/v2/projects/p`, { agent, method: 'PATCH', headers }, response => {
        const status = response.statusCode as number;
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        response.resume().once('end', resolve);
      });
      sent.once('error', reject);
      sent.end('{"name":"p"}');
    });
  const first = Array.from({ length: connections }, send);
  const repeating = first.map(async answered => {
    await answered;
    while (!stopped) {
      await send();
    }
  });
  return {
    everyoneAnswered: Promise.all(first),
    stop: async () => {
      stopped = true;
      await Promise.all(repeating);
      agent.destroy();
      return statuses;
    },
  };
}
