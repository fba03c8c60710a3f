import { expect } from 'chai';
import { adminClient } from '../../support/admin-client.ts';
import { site } from '../../support/admin-site.ts';
import { startServer, type TestServer } from '../../support/server.ts';

describe('admin API: requests that can not be obeyed', () => {
  let server: TestServer;
  let rootKey: string;
  before(async () => {
    server = await startServer();
    await server.admin.post('/api/v2/site:apply', site);
    await server.admin.post('/api/v2/users', { username: 'second', site_admin: true });
    rootKey = (await server.as('second')).key;
  });
  after(() => server.close());

  it('answers in its own terms whatever the text of an id says', async () => {
    expect((await server.admin.post('/api/v2/users', { username: 'aborted' })).status).to.equal(201);
    expect((await server.admin.post('/api/v2/users', { username: 'aborted' })).status).to.equal(409);
    expect((await server.admin.delete('/api/v2/users/ben/v2_keys/aborted')).status).to.equal(404);
    for (const path of ['/api/v2/users/%zz', `/api/v2/users/${'x'.repeat(300)}`]) {
      const { status, body } = await server.admin.get(path);
      expect([status, Object.keys(body)]).to.deep.equal([400, ['code', 'message', 'details']]);
    }
  });

  /** Status and message of a POST whose body is sent as it is. */
  const post = async (path: string, body: string | Buffer | ReadableStream, type: string) => {
    const headers = { 'content-type': type, authorization: `Bearer ${rootKey}` };
    const response = await fetch(`${server.admin.url}/api/v2${path}`, {
      method: 'POST',
      body,
      headers,
      duplex: 'half',
    });
    const { code, message } = (await response.json()) as { code: number; message: string };
    return { status: response.status, code, message };
  };
  const json = 'application/json';

  it('answers a body that is no JSON, or too large, in its own words', async () => {
    expect(await post('/users', '{no json', json)).to.include({ status: 400, message: 'the body is no valid JSON' });
    expect(await post('/users', ' ', json)).to.include({ status: 400, message: 'the body is no valid JSON' });
    const large = JSON.stringify({ name: 'x'.repeat(2_000_000) });
    expect(await post('/users', large, json)).to.include({ status: 413, code: 8 });
  });

  it('T7 refuses one name twice in a body, in every spelling, wherever bodies are taken', async () => {
    const twice = 'gives one name twice in one object, at line 1, column';
    for (const [path, body] of [
      ['/users', '{"username":"twice","site_admin":false,"site_admin":true}'],
      ['/users', '{"username":"twice","site_admin":false,"site_\\u0061dmin":true}'],
      ['/users/ben/v2_keys', '{"audiences":["MLOps"],"audiences":["API"]}'],
      ['/auth/validate', '{"key":"a","key":"b"}'],
      ['/site:apply', '{"users":[{"username":"twice"}],"users":[]}'],
      ['/site:apply', '{"users":[{"username":"twice","username":"other"}]}'],
      ['/site:apply', `{"users":[{"username":"twice"}],${' '.repeat(200_000)}"users":[]}`],
    ] as const) {
      const answer = await post(path, body, json);
      expect(answer.status, path + body.slice(0, 80)).to.equal(400);
      expect(answer.message).to.match(new RegExp(`^the body ${twice} \\d+: keep one of the two$`));
    }
    expect((await server.admin.get('/api/v2/users/twice')).status).to.equal(404);
  });

  it('T5 refuses bytes that are no UTF-8, and names another encoding', async () => {
    const site = '{"users":[{"username":"latin","name":"Müller"}]}';
    const user = '{"username":"latin","name":"Müller"}';
    for (const [path, body] of [
      ['/users', user],
      ['/site:apply', site],
      ['/site:apply', `${site}${' '.repeat(200_000)}`],
    ] as const) {
      expect(await post(path, Buffer.from(body, 'latin1'), json)).to.include({
        status: 400,
        message: 'the body is no UTF-8 from line 1 on; if it is Windows-1252 or Latin-1, save it as UTF-8',
      });
      expect(await post(path, Buffer.from(body, 'utf16le'), json)).to.include({
        status: 400,
        message: 'the body is UTF-16: save it as UTF-8',
      });
    }
    expect((await server.admin.get('/api/v2/users/latin')).status).to.equal(404);
  });

  it('T33 refuses a site document of more than 64 MiB, whether its length is said or not, and reads the next one', async () => {
    const piece = Buffer.alloc(1024 * 1024, ' ');
    const parts = Array.from({ length: 65 }, () => piece);
    const refused = { status: 413, code: 8, message: 'the body has more than 67108864 bytes' };
    expect(await post('/site:apply', Buffer.concat(parts), json)).to.deep.equal(refused);
    expect(await post('/site:apply', ReadableStream.from(parts), json)).to.deep.equal(refused);
    expect(await post('/site:apply', '{}', json)).to.include({ status: 200 });
  });

  it('T28 takes no content type but application/json', async () => {
    const message = 'send the body as content-type: application/json';
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'application/jsonp',
    ]) {
      for (const body of ['username=x', '{"username":"x"}', '']) {
        expect(await post('/users', body, type), type).to.deep.equal({ status: 415, code: 3, message });
      }
    }
    expect((await server.admin.get('/api/v2/users/x')).status).to.equal(404);
  });

  it('T28 leaves no body unvalidated, in 60 spellings of its content type', async () => {
    const spaces = ['', ' ', '\t', '  ', ' \t '];
    const ends = [
      ';',
      '; charset=utf-8',
      ';charset=utf-8',
      '; charset="utf-8"',
      ';;',
      '; x',
      '; q=1; charset=utf-16',
      ',',
    ];
    const others = [
      'application/JSON',
      'Application/Json',
      'APPLICATION/JSON; CHARSET=UTF-8',
      'application/json+x',
      'application/x+json',
      'application/vnd.api+json',
      'text/json',
      'application/jsonl',
      'application/json-seq',
      'application/ json',
      'application /json',
      'application\\json',
      'application/json/x',
      'x-application/json',
      'application/json, text/plain',
      'text/plain; application/json',
      'text/plain, application/json',
      '"application/json"',
      'application/json\u00a0',
      '*/*',
    ];
    const spellings = [...spaces.flatMap(space => ends.map(end => `application/json${space}${end}`)), ...others];
    expect(new Set(spellings).size).to.equal(60);
    for (const type of spellings) {
      const { status } = await post('/users', '{"username":"unvalidated","site_admin":"yes","extra":1}', type);
      expect([400, 415], type).to.include(status);
    }
    expect((await server.admin.get('/api/v2/users/unvalidated')).status).to.equal(404);
  });

  it('takes an empty JSON body where the body is optional, and asks for one where it is not', async () => {
    expect((await post('/users/ben/v1_key:rotate', '', json)).status).to.equal(200);
    expect((await post('/users/ben/v2_keys', '', json)).status).to.equal(201);
    expect(await post('/users', '', json)).to.include({
      status: 400,
      message: 'the request: send a JSON object as the body',
    });
  });

  it('names what is missing or wrong in words for people', async () => {
    const { body } = await server.admin.post('/api/v2/users', { site_admin: 'yes', nmae: 'x' });
    expect(body.details).to.deep.equal([
      { field: 'username', description: 'is required' },
      { field: 'site_admin', description: 'must be true or false' },
      { field: 'nmae', description: 'there is no such field' },
    ]);
  });

  it('answers an unknown path with 404 to whoever is signed in, and 401 to others', async () => {
    expect((await server.admin.get('/api/v2/nothing')).status).to.equal(404);
    expect((await adminClient(server.admin.url, '').post('/api/v2/users', {})).status).to.equal(401);
  });
});
