import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { checkClient, modelCall } from '../support/check-client.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { initData, type ServeProcess, startProcess } from '../support/serve-process.ts';

const keys = '/api/v2/users/root/v2_keys';
const kills = 8;

interface Acknowledged {
  readonly live: Map<string, string>;
  readonly deleted: Map<string, string>;
}

/** Creates and deletes keys until the process is gone; notes only what was answered. */
async function write(server: ServeProcess, acknowledged: Acknowledged): Promise<void> {
  for (;;) {
    const { body } = await server.admin.post(keys, {});
    acknowledged.live.set(body.key_id, body.api_key);
    if (acknowledged.live.size % 2 === 0) {
      const [keyId, secret] = [...acknowledged.live][0] as [string, string];
      // While the answer is out, the key may be there or gone: it counts as neither.
      acknowledged.live.delete(keyId);
      await server.admin.delete(`${keys}/${keyId}`);
      acknowledged.deleted.set(keyId, secret);
    }
  }
}

describe('fault: a crash at any instant', function () {
  this.timeout(60_000);

  it(`B41 loses nothing acknowledged and revives no deleted key over ${kills} kills under writes`, async () => {
    const data = dataDirectory();
    const legacyKey = await initData(data);
    const acknowledged: Acknowledged = { live: new Map(), deleted: new Map() };
    let server = await startProcess(data, legacyKey);
    await server.admin.post('/api/v2/site:apply', {
      projects: [{ project_id: 'p', owner: { username: 'root' }, models: [{ model_id: 'fraud' }] }],
    });
    const { access_key: accessKey } = (await server.admin.get('/api/v2/projects/p/models/fraud')).body;
    for (let round = 0; round < kills; round += 1) {
      const writing = write(server, acknowledged).catch(() => undefined);
      await sleep(50 + 37 * round);
      await server.kill9();
      await writing;
      server = await startProcess(data, legacyKey);
    }
    const wrong = await wrongVerdicts(server, accessKey, acknowledged);
    await server.terminate();
    expect(acknowledged.deleted.size).to.be.greaterThan(kills);
    expect(wrong).to.deep.equal([]);
  });

  it('B32 keeps the uses of keys that were written down, with model and time', async () => {
    const data = dataDirectory();
    const legacyKey = await initData(data);
    const first = await startProcess(data, legacyKey);
    await first.admin.post('/api/v2/site:apply', {
      projects: [{ project_id: 'p', owner: { username: 'root' }, models: [{ model_id: 'fraud' }] }],
    });
    const { access_key: accessKey } = (await first.admin.get('/api/v2/projects/p/models/fraud')).body;
    const { api_key: bearer } = (await first.admin.post(keys)).body;
    const checks = checkClient(first.checkPort);
    const used = Date.now();
    await checks.check(modelCall({ accessKey, bearer }));
    checks.close();
    // Written without anybody asking for it, so that a crash loses what came after at most.
    const written = /store_operation_duration_seconds_count\{operation="key_uses"\} [1-9]/;
    while (!written.test((await first.admin.get('/metrics')).body)) {
      await sleep(200);
    }
    await first.kill9();
    const second = await startProcess(data, legacyKey);
    const [key] = (await second.admin.get(keys)).body.api_keys;
    await second.terminate();
    expect(key.last_used_model).to.equal('fraud');
    expect(Math.abs(Date.parse(key.last_used_at) - used)).to.be.lessThan(60_000);
  });

  it('ends with 0 on SIGTERM, and starts again where it was', async () => {
    const data = dataDirectory();
    const legacyKey = await initData(data);
    const first = await startProcess(data, legacyKey);
    await first.admin.post('/api/v2/users', { username: 'ada' });
    expect(await first.terminate()).to.equal(0);
    const second = await startProcess(data, legacyKey);
    expect((await second.admin.get('/api/v2/users/ada')).status).to.equal(200);
    expect(await second.terminate()).to.equal(0);
  });
});

describe('fault: SIGTERM', () => {
  it('ends with 0 although a connection to the admin port says nothing', async () => {
    const data = dataDirectory();
    const server = await startProcess(data, await initData(data), ['--drain-ms', '500']);
    const silent = connect(Number(new URL(server.admin.url).port), '127.0.0.1').on('error', () => undefined);
    await once(silent, 'connect');
    const code = await server.terminate();
    silent.destroy();
    expect(code).to.equal(0);
  });
});

async function wrongVerdicts(
  server: ServeProcess,
  accessKey: string,
  { live, deleted }: Acknowledged,
): Promise<string[]> {
  const checks = checkClient(server.checkPort);
  const allowed = async (bearer: string) => {
    const { okResponse } = await checks.check(modelCall({ accessKey, bearer }));
    return okResponse !== null && okResponse !== undefined;
  };
  const wrong: string[] = [];
  for (const [keyId, secret] of live) {
    if (!(await allowed(secret))) wrong.push(`${keyId} is lost`);
  }
  for (const [keyId, secret] of deleted) {
    if (await allowed(secret)) wrong.push(`${keyId} is back`);
  }
  checks.close();
  return wrong;
}
