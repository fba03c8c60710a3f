import { expect } from 'chai';
import { adminClient } from '../../support/admin-client.ts';
import { site } from '../../support/admin-site.ts';
import { modelCall } from '../../support/check-client.ts';
import { dataDirectory } from '../../support/data-directory.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { author, keyOf, openSqlite, user } from '../../support/store.ts';

describe('admin API: operations', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  it('answers liveness, readiness by component, and metrics without a credential', async () => {
    const nobody = adminClient(server.admin.url, '');
    expect((await nobody.get('/healthz')).body).to.deep.equal({ status: 'alive' });
    const { status, body } = await nobody.get('/readyz');
    expect([status, body.ready, Object.keys(body.components)]).to.deep.equal([
      200,
      true,
      ['shutdown', 'store', 'snapshot', 'clock'],
    ]);
    expect((await nobody.get('/metrics')).headers.get('content-type')).to.contain('version=0.0.4');
  });

  it('speaks OpenMetrics to whoever asks for it', async () => {
    const response = await fetch(`${server.admin.url}/metrics`, {
      headers: { accept: 'application/openmetrics-text' },
    });
    expect(response.headers.get('content-type')).to.contain('application/openmetrics-text');
    expect(await response.text()).to.match(/# EOF\n$/);
  });

  it('holds the metrics that dashboards hold on to', async () => {
    await server.checks.check(modelCall());
    const { body } = await server.admin.get('/metrics');
    const names = [
      'modelgate_checks_total{outcome="deny",reason="access_key_missing"} 1',
      'modelgate_check_duration_seconds_bucket{le="0.000025",outcome="deny"}',
      'modelgate_snapshot_revision 1',
      'modelgate_snapshot_age_seconds',
      'modelgate_snapshot_entries{kind="principal"} 1',
      'modelgate_snapshot_rejected_total 0',
      'modelgate_sync_connected 1',
      'modelgate_component_ok{component="store"} 1',
      'modelgate_clock_behind_seconds 0',
      'modelgate_sync_lag_seconds_bucket',
      'modelgate_store_operation_duration_seconds_bucket',
      'modelgate_admin_request_duration_seconds_bucket',
      'modelgate_api_keys_expiring{within="7d"} 0',
      'modelgate_api_keys_expiring{within="30d"} 0',
      'modelgate_build_info',
      'nodejs_eventloop_lag_seconds',
      'process_cpu_seconds_total',
    ];
    for (const name of names) {
      expect(body).to.contain(name);
    }
  });

  it('names routes as the API document does, those with a verb too, and nothing that was asked for', async () => {
    await server.admin.post('/api/v2/site:apply?dry_run=true', { users: [] });
    await server.admin.post('/api/v2/projects/p/models/no-such-model:test', {});
    await server.admin.post('/api/v2/users/nobody/v2_keys/nobodys:rotate', {});
    await server.admin.get('/api/v2/no-such-path');
    const { paths } = (await server.admin.get('/api/v2/openapi.json')).body;
    const { body } = await server.admin.get('/metrics');
    const routes = [...String(body).matchAll(/admin_request_duration_seconds_count\{.*route="([^"]*)"/g)].map(
      ([, route]) => route,
    );
    expect(routes).to.include.members([
      '/api/v2/site:apply',
      '/api/v2/projects/{project_id}/models/{model_id}:test',
      '/api/v2/users/{username}/v2_keys/{key_id}:rotate',
    ]);
    const known = [...Object.keys(paths), '/metrics', '/healthz', '/readyz', 'none'];
    expect(routes.filter(route => !known.includes(String(route)))).to.deep.equal([]);
  });

  it('B47 counts the keys that expire within 7 and 30 days, as they are at the start', async () => {
    const data = dataDirectory();
    const store = await openSqlite(data);
    const now = Date.now();
    const keys = [-1, 1, 6, 8, 29, 31].map((days, n) => ({
      key: { ...keyOf(`k${n}`, 'ada'), expires_at: now + days * 86_400_000 },
      digest: `${n}`.repeat(64),
    }));
    await store.write(author, async writes => {
      await writes.insertUser(user('ada'));
      await writes.insertApiKeys(keys);
    });
    await store.close();
    const other = await startServer({ data });
    const { body } = await other.admin.get('/metrics');
    await other.close();
    expect(body).to.contain('modelgate_api_keys_expiring{within="7d"} 2\n');
    expect(body).to.contain('modelgate_api_keys_expiring{within="30d"} 4\n');
  });

  it('B48 keeps denials with request id, model, Key ID, reason and address, and no secret', async () => {
    await server.admin.post('/api/v2/site:apply', site);
    const { access_key } = (await server.admin.get('/api/v2/projects/p/models/fraud')).body;
    const { api_key, key_id } = (await server.admin.post('/api/v2/users/otto/v2_keys', {})).body;
    await server.checks.check(modelCall({ accessKey: access_key, bearer: api_key }));
    const { at, id: _, ...newest } = server.denials.list()[0] ?? { at: 0, id: 0 };
    expect(at).to.be.closeTo(Date.now(), 60_000);
    expect(newest).to.deep.equal({
      requestId: 'request-1',
      reason: 'not_authorized',
      modelId: 'fraud',
      projectId: 'p',
      keyId: key_id,
      callerAddress: '10.1.2.3',
    });
  });
});
