import { expect } from 'chai';
import { digestOf } from '../../../src/keys/digest.ts';
import { type AdminClient, adminClient } from '../../support/admin-client.ts';
import { accessKeyOf, askAll, site, statusOf } from '../../support/admin-site.ts';
import { startServer, type TestServer } from '../../support/server.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const today = Date.UTC(2026, 0, 15, 12);
const keys = '/api/v2/users/ben/v2_keys';
const at = (ms: number) => new Date(ms).toISOString();

describe('B43 admin API: rotating an API key', () => {
  let server: TestServer;
  let ben: AdminClient;
  let accessKey: string;
  let now = today;
  const create = async (body: object = {}) => (await ben.post(keys, body)).body;
  const rotate = (keyId: string, body?: object) => ben.post(`${keys}/${keyId}:rotate`, body);
  const shown = async (keyId: string) =>
    (await ben.get(keys)).body.api_keys.find((key: { key_id: string }) => key.key_id === keyId);

  before(async () => {
    server = await startServer({ now: () => now });
    await server.admin.post('/api/v2/site:apply', site);
    ben = await server.as('ben');
    accessKey = await accessKeyOf(server);
  });
  after(() => server.close());
  beforeEach(() => {
    now = today;
  });

  it('makes a successor of the same comment, scope and audiences, and answers its secret once', async () => {
    const old = await create({ comments: 'laptop', audiences: ['API', 'Application'], models: ['fraud'] });
    const { status, body } = await rotate(old.key_id);
    expect(status).to.equal(201);
    expect(body).to.deep.include({ comments: 'laptop', audiences: ['API', 'Application'], models: ['fraud'] });
    expect(body).to.include({ username: 'ben', replaces: old.key_id, expiry_date: at(today + 365 * dayMs) });
    expect(body.api_key)
      .to.match(/^mgk_[0-9A-Za-z]{49}$/)
      .and.not.equal(old.api_key);
    const list = JSON.stringify((await ben.get(keys)).body);
    const audit = JSON.stringify((await server.admin.get('/api/v2/audit_events')).body);
    expect(list + audit + server.logged.join(''))
      .to.not.contain(body.api_key)
      .and.not.contain(old.api_key);
  });

  it('lets both work for a day unless told otherwise, and then only the successor', async () => {
    const old = await create();
    const { body } = await rotate(old.key_id);
    expect(body.previous_works_until).to.equal(at(today + dayMs));
    now = today + dayMs - 1;
    expect([
      await statusOf(server, accessKey, old.api_key),
      await statusOf(server, accessKey, body.api_key),
    ]).to.deep.equal([200, 200]);
    now = today + dayMs;
    expect([
      await statusOf(server, accessKey, old.api_key),
      await statusOf(server, accessKey, body.api_key),
    ]).to.deep.equal([401, 200]);
  });

  it('shows who replaces whom', async () => {
    const old = await create();
    const { key_id } = (await rotate(old.key_id, { overlap_seconds: 60 })).body;
    expect(await shown(old.key_id)).to.include({
      replaced_by: key_id,
      replaces: null,
      expiry_date: at(today + 60_000),
    });
    expect(await shown(key_id)).to.include({ replaces: old.key_id, replaced_by: null });
  });

  it('never lets the old key live past its own expiry', async () => {
    const old = await create({ expiry_date: at(today + hourMs) });
    const { body } = await rotate(old.key_id, { overlap_seconds: 30 * 86_400 });
    expect(body.previous_works_until).to.equal(at(today + hourMs));
    expect((await shown(old.key_id)).expiry_date).to.equal(at(today + hourMs));
  });

  it('B29 never lets a document from before the rotation lengthen the old key', async () => {
    const imported = { key_id: 'imported', username: 'ben', digest: digestOf('a key from elsewhere') };
    const apply = (expiry_date: string | null) =>
      server.admin.post('/api/v2/site:apply', { api_keys: [{ ...imported, expiry_date }] });
    await apply(null);
    await rotate('imported', { overlap_seconds: 60 });
    const again = [await apply(null), await apply(at(today + dayMs)), await apply(at(today + 30_000))];
    expect(again.map(({ body }) => body.steps.length)).to.deep.equal([0, 0, 1]);
    expect((await shown('imported')).expiry_date).to.equal(at(today + 30_000));
  });

  it('B38 without overlap stops the old key with the answer, in the same revision', async () => {
    const old = await create();
    const before = Number((await server.admin.post('/api/v2/users/otto/v2_keys')).headers.get('x-modelgate-revision'));
    const { body, headers } = await rotate(old.key_id, { overlap_seconds: 0 });
    expect(Number(headers.get('x-modelgate-revision'))).to.equal(before + 1);
    now = today - hourMs;
    expect([
      await statusOf(server, accessKey, old.api_key),
      await statusOf(server, accessKey, body.api_key),
    ]).to.deep.equal([401, 200]);
    expect((await shown(old.key_id)).ended_at).to.equal(at(today));
  });

  it('B29 takes an expiry for the successor within the limit of the site', async () => {
    const old = await create();
    expect((await rotate(old.key_id, { expiry_date: '2999-01-01' })).body.details[0].field).to.equal('expiry_date');
    expect((await rotate(old.key_id, { expiry_date: '2026-02-01' })).body.expiry_date).to.equal(
      '2026-02-01T23:59:59.999Z',
    );
  });

  it('takes 0 to 30 days of overlap', async () => {
    const { key_id } = await create();
    for (const overlap_seconds of [-1, 30 * 86_400 + 1, 1.5, '60']) {
      expect((await rotate(key_id, { overlap_seconds })).body.details[0].field).to.equal('overlap_seconds');
    }
    expect((await rotate(key_id, { overlap_seconds: 30 * 86_400 })).status).to.equal(201);
  });

  it('refuses a key that is replaced, ended or expired, and says what to do', async () => {
    const replaced = await create();
    const { key_id: successor } = (await rotate(replaced.key_id)).body;
    const ended = await create();
    await adminClient(server.admin.url, ended.api_key).post('/api/v2/auth/revoke_key');
    const expired = await create({ expiry_date: at(today + hourMs) });
    now = today + hourMs;
    const refusals = [replaced, ended, expired].map(async ({ key_id }) => {
      const { status, body } = await rotate(key_id);
      return `${status} ${body.message.replace(key_id, 'K')}`;
    });
    expect(await Promise.all(refusals)).to.deep.equal([
      `409 API key K is replaced by ${successor} already: rotate that one, or delete it first if its secret is lost`,
      '409 API key K was ended: make a new key instead',
      '409 API key K has expired: make a new key instead',
    ]);
  });

  it('rotates a key once more when its successor was deleted, as when its secret was lost', async () => {
    const old = await create();
    const { key_id } = (await rotate(old.key_id)).body;
    await ben.delete(`${keys}/${key_id}`);
    expect((await rotate(old.key_id)).status).to.equal(201);
  });

  it('gives one successor however many ask at once', async () => {
    const old = await create();
    const statuses = (await Promise.all([1, 2, 3, 4].map(() => rotate(old.key_id)))).map(({ status }) => status);
    expect(statuses.sort()).to.deep.equal([201, 409, 409, 409]);
  });

  it('T30 is open to the key’s owner and to site admins', async () => {
    const { key_id } = await create();
    const nobody = adminClient(server.admin.url, '');
    const clients = { nobody, outsider: await server.as('otto'), owner: ben, admin: server.admin };
    const statuses = await askAll(clients, ['POST', `/users/ben/v2_keys/${key_id}:rotate`, {}]);
    expect(statuses).to.deep.equal({ nobody: 401, outsider: 403, owner: 201, admin: 409 });
  });
});
