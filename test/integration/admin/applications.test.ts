import { expect } from 'chai';
import { makeSecret } from '../../../src/keys/secret.ts';
import { type AdminClient, adminClient } from '../../support/admin-client.ts';
import { type Asked, accessKeyOf, ask, askAll, site, statusOf } from '../../support/admin-site.ts';
import { modelCall } from '../../support/check-client.ts';
import { startServer, type TestServer } from '../../support/server.ts';

const path = '/api/v2/applications';

describe('admin API: applications', () => {
  let server: TestServer;
  let ada: AdminClient;
  let ben: AdminClient;
  let otto: AdminClient;
  let accessKey: string;

  /** Makes an application of Ada's that is a viewer of project p; answers an API key of it. */
  const viewer = async (name: string): Promise<string> => {
    await ada.post(path, { name });
    const collaborators = [{ username: name, permission: 'read' }];
    await server.admin.post('/api/v2/site:apply', { projects: [{ project_id: 'p', collaborators }] });
    return (await ada.post(`${path}/${name}/v2_keys`)).body.api_key;
  };
  const namesOf = async (client: AdminClient, query = '') =>
    (await client.get(`${path}${query}`)).body.applications.map(({ name }: { name: string }) => name);

  beforeEach(async () => {
    server = await startServer();
    await server.admin.post('/api/v2/site:apply', site);
    [ada, ben, otto] = [await server.as('ada'), await server.as('ben'), await server.as('otto')];
    accessKey = await accessKeyOf(server);
  });
  afterEach(() => server.close());

  it('are made by any user for itself, and are flagged, counted and dated in what is answered', async () => {
    const { status, body, headers } = await otto.post(path, { name: 'bot' });
    expect([status, headers.get('x-modelgate-revision')]).to.deep.equal([201, '6']);
    const { created_at, ...rest } = body;
    expect(new Date(created_at).toISOString()).to.equal(created_at);
    expect(rest).to.deep.equal({
      name: 'bot',
      owner: 'otto',
      owner_deactivated: false,
      deactivated: false,
      api_key_count: 0,
      expired_api_key_count: 0,
      last_used_at: null,
    });
    expect((await otto.get(`${path}/bot`)).body).to.deep.equal(body);
  });

  it('are made for somebody else, and given to somebody else, by a site admin only', async () => {
    expect(await ask(ada, ['POST', '/applications', { name: 'bot', owner: 'ben' }])).to.equal(403);
    expect(await ask(server.admin, ['POST', '/applications', { name: 'bot', owner: 'nobody' }])).to.equal(404);
    expect((await server.admin.post(path, { name: 'bot', owner: 'ada' })).body.owner).to.equal('ada');
    expect(await ask(ada, ['PATCH', '/applications/bot', { owner: 'ben' }])).to.equal(403);
    expect((await server.admin.patch(`${path}/bot`, { owner: 'ben' })).body.owner).to.equal('ben');
    expect([await ask(ada, ['GET', '/applications/bot']), await ask(ben, ['GET', '/applications/bot'])]).to.deep.equal([
      404, 200,
    ]);
  });

  it('share their names with users', async () => {
    expect(await ask(ada, ['POST', '/applications', { name: 'ben' }])).to.equal(409);
    await ada.post(path, { name: 'bot' });
    expect(await ask(server.admin, ['POST', '/users', { username: 'bot' }])).to.equal(409);
  });

  it('call models by keys of their own, as collaborators', async () => {
    const apiKey = await viewer('bot');
    expect(await statusOf(server, accessKey, apiKey)).to.equal(200);
    expect((await ada.get(`${path}/bot/v2_keys`)).body.api_keys[0]).to.include({
      username: 'bot',
      last_used_model: 'fraud',
    });
    expect(await ask(adminClient(server.admin.url, apiKey), ['GET', '/applications/bot'])).to.equal(401);
  });

  it('are listed to their owner, and all of them to a site admin, with filters, search and sort', async () => {
    for (const [client, name] of [
      [ada, 'a-bot'],
      [ada, 'b-bot'],
      [ben, 'cron'],
    ] as const) {
      await client.post(path, { name });
    }
    expect(await namesOf(ada)).to.deep.equal(['a-bot', 'b-bot']);
    expect(await namesOf(ada, '?owner=ada&sort=-name')).to.deep.equal(['b-bot', 'a-bot']);
    expect(await ask(ada, ['GET', '/applications?owner=ben'])).to.equal(403);
    expect(await namesOf(otto)).to.deep.equal([]);
    expect(await namesOf(server.admin)).to.deep.equal(['a-bot', 'b-bot', 'cron']);
    expect(await namesOf(server.admin, '?owner=ben')).to.deep.equal(['cron']);
    expect(await namesOf(server.admin, '?search_filter=BOT&sort=-created_at')).to.deep.equal(['b-bot', 'a-bot']);
    const first = (await server.admin.get(`${path}?page_size=2&sort=-owner`)).body;
    const rest = await namesOf(server.admin, `?page_size=2&sort=-owner&page_token=${first.next_page_token}`);
    expect([first.applications[0].name, first.applications[1].name, ...rest]).to.deep.equal(['cron', 'b-bot', 'a-bot']);
  });

  it('B37a go on when their owner is deactivated, and are flagged', async () => {
    const apiKey = await viewer('bot');
    await server.admin.patch('/api/v2/users/ada', { deactivated: true });
    expect(await statusOf(server, accessKey, apiKey)).to.equal(200);
    expect((await server.admin.get(`${path}/bot`)).body).to.include({ owner_deactivated: true, deactivated: false });
    expect(await namesOf(server.admin, '?owner_deactivated=true')).to.deep.equal(['bot']);
    expect(await ask(server.admin, ['POST', '/applications', { name: 'more', owner: 'ada' }])).to.equal(409);
  });

  it('B15 B37a end with all their keys when they are deactivated, for good', async () => {
    const apiKey = await viewer('bot');
    expect((await ada.patch(`${path}/bot`, { deactivated: true })).body.deactivated).to.equal(true);
    expect(await statusOf(server, accessKey, apiKey)).to.equal(401);
    const refused = await ada.post(`${path}/bot/v2_keys`);
    expect([refused.status, refused.body.message]).to.deep.equal([
      409,
      'bot is deactivated: activate the application first',
    ]);
    await ada.patch(`${path}/bot`, { deactivated: false });
    expect(await statusOf(server, accessKey, apiKey)).to.equal(401);
    expect((await ada.post(`${path}/bot/v2_keys`)).status).to.equal(201);
  });

  it('B15 go with their keys and rights: a later application of the name inherits nothing', async () => {
    const apiKey = await viewer('bot');
    expect((await ada.delete(`${path}/bot`)).status).to.equal(204);
    const answerTo = async (bearer: string) => server.checks.check(modelCall({ accessKey, bearer }));
    expect(await answerTo(apiKey)).to.deep.equal(await answerTo(makeSecret('api_key')));
    expect(await statusOf(server, accessKey, apiKey)).to.equal(401);
    expect(await ask(ada, ['GET', '/applications/bot'])).to.equal(404);
    await otto.post(path, { name: 'bot' });
    const later = (await otto.post(`${path}/bot/v2_keys`)).body.api_key;
    expect(await statusOf(server, accessKey, later)).to.equal(403);
  });

  it('T30 B30 open, with their keys, to their owner and to site admins; to others they are not there', async () => {
    await ada.post(path, { name: 'bot' });
    const clients = { nobody: adminClient(server.admin.url, ''), outsider: otto, owner: ada, admin: server.admin };
    const keyId = async () => (await ada.post(`${path}/bot/v2_keys`)).body.key_id;
    const asked: [asked: Asked, owner: number, admin: number][] = [
      [['GET', '/applications/bot'], 200, 200],
      [['PATCH', '/applications/bot', { deactivated: false }], 200, 200],
      [['PATCH', '/applications/bot', { owner: 'ada' }], 403, 200],
      [['GET', '/applications/bot/v2_keys'], 200, 200],
      [['POST', '/applications/bot/v2_keys', {}], 201, 201],
      [['POST', `/applications/bot/v2_keys/${await keyId()}:rotate`, {}], 201, 409],
      [['DELETE', `/applications/bot/v2_keys/${await keyId()}`], 204, 404],
      [['DELETE', '/applications/bot/v2_keys'], 200, 200],
      [['DELETE', '/applications/bot'], 204, 404],
    ];
    for (const [request, owner, admin] of asked) {
      const wanted = { nobody: 401, outsider: 404, owner, admin };
      expect(await askAll(clients, request), request.join(' ')).to.deep.equal(wanted);
    }
    expect(await askAll(clients, ['GET', '/applications'])).to.deep.equal({
      nobody: 401,
      outsider: 200,
      owner: 200,
      admin: 200,
    });
    expect(await ask(clients.nobody, ['POST', '/applications', { name: 'x' }])).to.equal(401);
  });

  it('T30 have no keys of a user under their path, nor a user theirs', async () => {
    await ada.post(path, { name: 'bot' });
    const ofBot = (await ada.post(`${path}/bot/v2_keys`)).body.key_id;
    const ofAda = (await ada.post('/api/v2/users/ada/v2_keys')).body.key_id;
    expect(await ask(ada, ['DELETE', `/applications/bot/v2_keys/${ofAda}`])).to.equal(404);
    expect(await ask(ada, ['POST', `/applications/bot/v2_keys/${ofAda}:rotate`, {}])).to.equal(404);
    expect(await ask(ada, ['DELETE', `/users/ada/v2_keys/${ofBot}`])).to.equal(404);
    expect(await ask(server.admin, ['GET', '/users/bot/v2_keys'])).to.equal(404);
    expect(await ask(server.admin, ['GET', '/applications/ada/v2_keys'])).to.equal(404);
  });
});
