import { expect } from 'chai';
import { checkClient, modelCall } from '../support/check-client.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { initData, startProcess } from '../support/serve-process.ts';
import { until } from '../support/until.ts';

const keys = '/api/v2/users/root/v2_keys';

describe('fault: a crash after a key was used', () => {
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
    await until('uses of keys were written', async () => written.test((await first.admin.get('/metrics')).body));
    await first.kill9();
    const second = await startProcess(data, legacyKey);
    const [key] = (await second.admin.get(keys)).body.api_keys;
    await second.terminate();
    expect(key.last_used_model).to.equal('fraud');
    expect(Math.abs(Date.parse(key.last_used_at) - used)).to.be.lessThan(60_000);
  });
});
