import { expect } from 'chai';
import type { AdminClient } from '../../support/admin-client.ts';
import { site, statusOf } from '../../support/admin-site.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { walkPages } from '../../support/walk-pages.ts';

const dayMs = 86_400_000;
const today = Date.UTC(2026, 0, 15, 12);
const dateIn = (days: number) => new Date(today + days * dayMs).toISOString().slice(0, 10);

describe('admin API: API keys', () => {
  let server: TestServer;
  let ben: AdminClient;
  let accessKey: string;
  let now = today;
  const keys = '/api/v2/users/ben/v2_keys';
  const create = async (body: object = {}) => (await ben.post(keys, body)).body;

  before(async () => {
    server = await startServer({ now: () => now });
    await server.admin.post('/api/v2/site:apply', site);
    ben = await server.as('ben');
    accessKey = (await server.admin.get('/api/v2/projects/p/models/fraud')).body.access_key;
  });
  after(() => server.close());
  beforeEach(() => {
    now = today;
  });

  it('B28 shows the secret once, with its Key ID, and never again', async () => {
    const { status, body } = await ben.post(keys, { comments: 'laptop' });
    expect(status).to.equal(201);
    expect(body).to.include({ username: 'ben', comments: 'laptop' });
    expect(body.api_key).to.match(/^mgk_[0-9A-Za-z]{49}$/);
    const list = await ben.get(keys);
    expect(list.body.api_keys.map((key: { key_id: string }) => key.key_id)).to.include(body.key_id);
    expect(JSON.stringify(list.body)).to.not.contain(body.api_key);
    expect(JSON.stringify((await server.admin.get('/api/v2/audit_events')).body)).to.not.contain(body.api_key);
    expect(server.logged.join('')).to.not.contain(body.api_key);
  });

  it('finds whose a key is by how its Key ID begins, in its own letters', async () => {
    const key = (key_id: string, username: string, digit: string) => ({ key_id, username, digest: digit.repeat(64) });
    await server.admin.post('/api/v2/applications', { name: 'finder', owner: 'ben' });
    const api_keys = [key('found-2', 'ben', 'a'), key('found-1', 'finder', 'b'), key('Found-3', 'ben', 'c')];
    await server.admin.post('/api/v2/site:apply', { api_keys });
    const find = async (query: string) => (await server.admin.get(`/api/v2/v2_keys?${query}`)).body;
    const { api_keys: found } = await find('key_id_prefix=foun');
    expect(
      found.map((each: Record<string, unknown>) => [each['key_id'], each['username'], each['owner_kind']]),
    ).to.deep.equal([
      ['found-1', 'finder', 'application'],
      ['found-2', 'ben', 'user'],
    ]);
    expect(await walkPages(server.admin, '/api/v2/v2_keys?key_id_prefix=found-', 1, 'api_keys')).to.deep.equal(found);
    expect((await find('key_id_prefix=found-2')).api_keys).to.have.length(1);
    expect((await find('key_id_prefix=fou')).details[0]).to.include({ field: 'key_id_prefix' });
    expect((await find('')).details[0]).to.include({ field: 'key_id_prefix' });
  });

  it('B28 lets a principal hold many keys, each of which works', async () => {
    const made = [await create(), await create(), await create()];
    for (const { api_key } of made) {
      expect(await statusOf(server, accessKey, api_key)).to.equal(200);
    }
  });

  it('B29 takes a date for the end of that day, an instant, or the default number of days', async () => {
    expect((await create({ expiry_date: dateIn(10) })).expiry_date).to.equal(`${dateIn(10)}T23:59:59.999Z`);
    const instant = `${dateIn(3)}T01:02:03Z`;
    expect((await create({ expiry_date: instant })).expiry_date).to.equal(`${dateIn(3)}T01:02:03.000Z`);
    expect((await create()).expiry_date).to.equal(new Date(today + 365 * dayMs).toISOString());
  });

  it('B29 refuses a date that is too late, past or none, and names the latest allowed one', async () => {
    for (const expiry_date of [dateIn(366), dateIn(-1), '2026-02-30', 'tomorrow', '', `${dateIn(0)}T11:59:59Z`]) {
      const { status, body } = await ben.post(keys, { expiry_date });
      expect([status, body.details[0].field], expiry_date).to.deep.equal([400, 'expiry_date']);
    }
    expect((await ben.post(keys, { expiry_date: dateIn(366) })).body.message).to.contain(dateIn(365));
    expect((await ben.post(keys, { expiry_date: dateIn(365) })).status).to.equal(201);
  });

  it('B16 refuses the key from its expiry instant on', async () => {
    const { api_key } = await create({ expiry_date: `${dateIn(1)}T12:00:00Z` });
    now = today + dayMs - 1;
    expect(await statusOf(server, accessKey, api_key)).to.equal(200);
    now = today + dayMs;
    expect(await statusOf(server, accessKey, api_key)).to.equal(401);
  });

  it('B30 B38 C13 deletes one key: it is refused as soon as the answer is there', async () => {
    const { key_id, api_key } = await create();
    expect(await statusOf(server, accessKey, api_key)).to.equal(200);
    expect((await ben.delete(`${keys}/${key_id}`)).status).to.equal(204);
    expect(await statusOf(server, accessKey, api_key)).to.equal(401);
    expect((await ben.delete(`${keys}/${key_id}`)).status).to.equal(404);
  });

  it('B30 deletes expired keys too', async () => {
    const { key_id } = await create({ expiry_date: dateIn(1) });
    now = today + 3 * dayMs;
    expect((await ben.delete(`${keys}/${key_id}`)).status).to.equal(204);
  });

  it('B31 lowering the default shortens no key, and shows which exceed it', async () => {
    const { key_id, expiry_date } = await create({ expiry_date: dateIn(300) });
    await server.admin.patch('/api/v2/settings', { default_api_key_expiration_days: 30 });
    const { body } = await ben.get(keys);
    await server.admin.patch('/api/v2/settings', { default_api_key_expiration_days: 365 });
    const key = body.api_keys.find((each: { key_id: string }) => each.key_id === key_id);
    expect(key).to.include({ expiry_date, exceeds_default_expiration: true });
  });

  it('B32 shows when and for which model a key was last used', async () => {
    const { key_id, api_key } = await create();
    const shown = async () =>
      (await ben.get(keys)).body.api_keys.find((each: { key_id: string }) => each.key_id === key_id);
    expect(await shown()).to.include({ last_used_at: null, last_used_model: null });
    await statusOf(server, accessKey, api_key);
    expect(await shown()).to.include({ last_used_at: new Date(today).toISOString(), last_used_model: 'fraud' });
  });

  it('B47 marks keys that expire within 7 and within 30 days', async () => {
    const marks: [days: number, mark: number | null][] = [
      [7, 7],
      [8, 30],
      [30, 30],
      [31, null],
    ];
    for (const [days, mark] of marks) {
      const { expires_within_days } = await create({ expiry_date: `${dateIn(days)}T12:00:00Z` });
      expect(expires_within_days, `${days} days`).to.equal(mark);
    }
    const { key_id } = await create({ expiry_date: `${dateIn(1)}T12:00:00Z` });
    now = today + dayMs;
    const { body } = await ben.get(`${keys}?expired=true`);
    const [expired] = body.api_keys.filter((key: { key_id: string }) => key.key_id === key_id);
    expect(expired).to.include({ expired: true, expires_within_days: null });
  });

  it('B44 makes a key for some models, and refuses one for a model that is not there', async () => {
    const { api_key } = await create({ models: ['churn'] });
    expect(await statusOf(server, accessKey, api_key)).to.equal(403);
    expect((await ben.post(keys, { models: ['nothing'] })).body.details[0].field).to.equal('models');
  });

  it('B44 tells no model of others from one that is not there', async () => {
    const otto = await server.as('otto');
    const ask = async (model: string) =>
      (await otto.post('/api/v2/users/otto/v2_keys', { models: [model] })).body.details[0].description;
    expect((await ask('fraud')).replace('fraud', 'X')).to.equal((await ask('nothing')).replace('nothing', 'X'));
  });

  it('B17 makes a key for applications, which calls no model', async () => {
    const { api_key } = await create({ audiences: ['Application'] });
    expect(await statusOf(server, accessKey, api_key)).to.equal(403);
  });

  it('B30 deletes all keys of a user, and answers the count', async () => {
    await create();
    const { body } = await ben.get(keys);
    expect((await server.admin.delete(keys)).body).to.deep.equal({ deleted: body.api_keys.length });
    expect((await ben.get(keys)).body.api_keys).to.deep.equal([]);
  });
});
