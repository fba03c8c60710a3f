import { expect } from 'chai';
import type { AdminClient } from '../../support/admin-client.ts';
import { accessKeyOf, site, statusOf } from '../../support/admin-site.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { until } from '../../support/until.ts';

interface Change {
  readonly revision: number;
  readonly action: string;
  readonly target: string;
  readonly count: number;
}

describe('admin API: what the server answers now', function () {
  this.timeout(60_000);
  let server: TestServer;
  let ada: AdminClient;
  let ben: AdminClient;
  let applied: number;
  const changes = async (who: AdminClient, query = ''): Promise<Change[]> =>
    (await who.get(`/api/v2/live${query}`)).body.changes;

  before(async () => {
    server = await startServer();
    applied = Number((await server.admin.post('/api/v2/site:apply', site)).headers.get('x-modelgate-revision'));
    [ada, ben] = [await server.as('ada'), await server.as('ben')];
  });
  after(() => server.close());

  it('counts checks by outcome and reason, with their latency, in the step in which they came', async () => {
    const accessKey = await accessKeyOf(server);
    expect([await statusOf(server, accessKey), await statusOf(server, 'nobody-has-this')]).to.deep.equal([401, 404]);
    const sample = await until('a sample with the checks', async () => {
      const { samples } = (await ben.get('/api/v2/live')).body;
      return samples.find(({ checks }: { checks: { denied: number } }) => checks.denied === 2);
    });
    expect(sample).to.deep.include({
      checks: { allowed: 0, denied: 2 },
      denials: { api_key_missing: 1, access_key_unknown: 1 },
    });
    const { p50_us, p99_us, p999_us } = sample.latency;
    expect([p50_us > 0, p50_us <= p99_us, p99_us <= p999_us]).to.deep.equal([true, true, true]);
    expect(sample.snapshot_revision).to.be.at.least(applied);
    expect((await ben.get(`/api/v2/live?since=${sample.at}`)).body.samples[0]?.at).not.to.equal(sample.at);
  });

  it('has steps of 5 seconds for an hour, and of a minute beyond or where it is asked for', async () => {
    const intervalOf = async (query: string) => (await ben.get(`/api/v2/live${query}`)).body.interval_seconds;
    const at = (ms: number) => new Date(Date.now() - ms).toISOString();
    expect(await intervalOf('')).to.equal(5);
    expect(await intervalOf(`?since=${at(60_000)}`)).to.equal(5);
    expect(await intervalOf(`?since=${at(2 * 3_600_000)}`)).to.equal(60);
    expect(await intervalOf(`?interval_seconds=60&since=${at(60_000)}`)).to.equal(60);
    expect((await ben.get('/api/v2/live?since=yesterday')).body.details[0].field).to.equal('since');
    expect((await ben.get('/api/v2/live?interval_seconds=1')).status).to.equal(400);
  });

  it('marks each revision once, with what was done first and how much', async () => {
    const mark = (await changes(server.admin)).find(({ revision }) => revision === applied);
    expect(mark).to.include({ action: 'user.create', target: 'ada' });
    expect(mark?.count).to.be.above(5);
    const at = new Date(Date.now() + 60_000).toISOString();
    expect(await changes(server.admin, `?since=${at}`)).to.deep.equal([]);
  });

  it('T30 shows changes to those who may read the audit of them', async () => {
    await server.admin.patch('/api/v2/projects/p/models/fraud', { auth_shadow: true });
    const targets = async (who: AdminClient) => (await changes(who)).map(({ target }) => target);
    expect(await targets(ben)).to.deep.equal([]);
    expect(await targets(ada))
      .to.include('fraud')
      .and.not.include('ben');
    expect(await targets(server.admin))
      .to.include('fraud')
      .and.include('ben');
  });
});
