import { expect } from 'chai';
import { digestOf } from '../../../src/keys/digest.ts';
import { type AdminClient, adminClient } from '../../support/admin-client.ts';
import { modelCall } from '../../support/check-client.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { walkPages } from '../../support/walk-pages.ts';

const site = {
  users: [{ username: 'ada' }, { username: 'ben' }, { username: 'otto' }],
  projects: [
    {
      project_id: 'p',
      owner: { username: 'ada' },
      collaborators: [{ username: 'ben', permission: 'write' }],
      models: [
        { model_id: 'fraud', access_key: 'access-key-of-fraud-1', auth_enabled: true },
        { model_id: 'churn', access_key: 'access-key-of-churn-1' },
      ],
    },
    {
      project_id: 'q',
      owner: { username: 'otto' },
      models: [{ model_id: 'other', access_key: 'access-key-of-other-1' }],
    },
  ],
};
const accessKey = 'access-key-of-fraud-1';

interface Row {
  readonly [name: string]: unknown;
}

describe('admin API: why a call is refused', () => {
  let server: TestServer;
  let ada: AdminClient;
  let ben: AdminClient;
  let outsider: { key_id: string; api_key: string };
  const explain = (body: object, who = server.admin) => who.post('/api/v2/decisions:explain', body);
  const call = (options: { accessKey?: string; bearer?: string; headers?: Record<string, string> }) =>
    server.checks.check(modelCall(options));

  before(async () => {
    server = await startServer();
    await server.admin.post('/api/v2/site:apply', site);
    [ada, ben] = [await server.as('ada'), await server.as('ben')];
    outsider = (await server.admin.post('/api/v2/users/otto/v2_keys', {})).body;
  });
  after(() => server.close());

  describe('decisions:explain', () => {
    it('tells the decision, its status and each rule, for a model and a Key ID', async () => {
      const { status, body } = await explain({ model_id: 'fraud', key_id: outsider.key_id });
      expect(status).to.equal(200);
      expect(body).to.deep.include({ decision: 'deny', reason: 'not_authorized', status_code: 403, model_id: 'fraud' });
      expect(body).to.deep.include({ principal: 'otto', key_id: outsider.key_id, permission: null });
      expect(body.steps.at(-1)).to.deep.include({ rule: 'B18', met: false, binding: true });
      expect(body.steps.at(-1).rows).to.deep.include({ kind: 'collaborator', id: 'p/otto', found: false, facts: {} });
    });

    it('reads a whole request as a check does', async () => {
      const request = {
        path: '/model?accessKey=access-key-of-churn-1',
        headers: { Authorization: `Bearer ${outsider.api_key}` },
        body: JSON.stringify({ accessKey }),
      };
      expect((await explain({ request })).body).to.deep.include({
        reason: 'access_key_ambiguous',
        status_code: 400,
        read: { access_key: 'ambiguous', api_key: 'one' },
      });
    });

    it('decides at another time', async () => {
      const asked = { model_id: 'other', key_id: outsider.key_id };
      await server.admin.patch('/api/v2/projects/q/models/other', { auth_enabled: true });
      expect((await explain(asked)).body).to.include({ decision: 'allow', reason: 'authorized', status_code: null });
      expect((await explain({ ...asked, at: '2090-01-01T00:00:00Z' })).body.reason).to.equal('api_key_expired');
    });

    it('is counted nowhere, and leaves no denial and no use of the key', async () => {
      const before = (await server.admin.get('/api/v2/denials')).body.denials.length;
      await explain({ model_id: 'fraud', key_id: outsider.key_id });
      expect((await server.admin.get('/api/v2/denials')).body.denials.length).to.equal(before);
      expect((await server.admin.get('/api/v2/users/otto/v2_keys')).body.api_keys[0].last_used_at).to.equal(null);
    });

    it('shows no key and no digest', async () => {
      const { body } = await explain({ access_key: accessKey, api_key: outsider.api_key });
      const shown = JSON.stringify(body) + server.logged.join('');
      for (const hidden of [accessKey, outsider.api_key, digestOf(accessKey), digestOf(outsider.api_key)]) {
        expect(shown).not.to.include(hidden);
      }
    });

    it('is for site admins, and for project admins as to their models; nobody tries out keys by it', async () => {
      const own = { model_id: 'fraud' };
      expect((await explain(own, ada)).status).to.equal(200);
      expect((await explain(own, ben)).status).to.equal(403);
      expect((await explain(own, adminClient(server.admin.url, ''))).status).to.equal(401);
      const foreign = [
        { model_id: 'other' },
        { model_id: 'none' },
        { access_key: 'access-key-of-other-1' },
        { access_key: 'x' },
      ];
      const answers = await Promise.all(foreign.map(each => explain(each, ada)));
      expect(new Set(answers.map(({ status, body }) => `${status} ${body.message}`)).size).to.equal(1);
      expect(answers[0]?.status).to.equal(403);
    });

    it('B48 T30 S8 tells others than site admins of no key whose owner holds nothing on the project', async () => {
      const keyOf = async (name: string) => (await server.admin.post(`/api/v2/users/${name}/v2_keys`, {})).body.key_id;
      const answer = async (keyId: string, body: object = { model_id: 'fraud' }) => {
        const { status, body: told } = await explain({ ...body, key_id: keyId }, ada);
        const { request_id: _, ...rest } = told;
        return JSON.stringify({ status, ...rest }).replaceAll(keyId, 'KEY');
      };
      expect(await answer(outsider.key_id)).to.equal(await answer('none'));
      const other = { access_key: accessKey };
      expect(await answer(outsider.key_id, other)).to.equal(await answer('none', other));
      for (const name of ['ada', 'ben']) {
        const { body } = await explain({ model_id: 'fraud', key_id: await keyOf(name) }, ada);
        expect(body).to.include({ decision: 'allow', principal: name });
      }
    });

    it('T30 S8 does not take everybody for one of a public project, but for whoever called its models', async () => {
      await ada.post('/api/v2/projects', { project_id: 'mine', name: 'Mine', visibility: 'public' });
      const { body: mine } = await ada.post('/api/v2/projects/mine/models', { name: 'M' });
      const { key_id, api_key } = (await server.admin.post('/api/v2/users/otto/v2_keys', {})).body;
      const asked = async (keyId: string) => {
        const { status, body } = await explain({ model_id: mine.model_id, key_id: keyId }, ada);
        return { status, field: body.details?.[0]?.field, principal: body.principal };
      };
      expect(await asked(key_id)).to.deep.equal({ status: 400, field: 'key_id', principal: undefined });
      expect(await asked('none')).to.deep.equal(await asked(key_id));
      const called = await call({ accessKey: mine.access_key, bearer: api_key });
      expect(called.okResponse).to.not.equal(undefined);
      expect(await asked(key_id)).to.deep.equal({ status: 200, field: undefined, principal: 'otto' });
    });

    it('names what is wrong with the question', async () => {
      const faultOf = async (body: object) => (await explain(body)).body.details[0]?.field;
      expect(await faultOf({ model_id: 'none' })).to.equal('model_id');
      expect(await faultOf({ key_id: 'none' })).to.equal('key_id');
      expect(await faultOf({ model_id: 'fraud', access_key: 'x' })).to.equal('access_key');
      expect(await faultOf({ key_id: 'k', api_key: 'x' })).to.equal('api_key');
      expect(await faultOf({ request: {}, model_id: 'fraud' })).to.equal('request');
    });
  });

  describe('B48 denials', () => {
    const find = async (query: string, who = server.admin) =>
      (await who.get(`/api/v2/denials?${query}`)).body.denials as Row[];

    it('are found by request id, model, Key ID and reason', async () => {
      await call({ accessKey, bearer: outsider.api_key, headers: { 'x-request-id': 'why-1' } });
      await call({ accessKey, headers: { 'x-request-id': 'why-2' } });
      const denial = {
        request_id: 'why-1',
        reason: 'not_authorized',
        model_id: 'fraud',
        project_id: 'p',
        key_id: outsider.key_id,
        caller_address: '10.1.2.3',
      };
      const [{ at, ...found } = {} as Row] = await find('request_id=why-1');
      expect(found).to.deep.equal(denial);
      expect(Date.parse(String(at))).to.be.closeTo(Date.now(), 60_000);
      expect((await find('model_id=fraud&reason=api_key_missing'))[0]).to.include({ request_id: 'why-2' });
      expect((await find(`key_id=${outsider.key_id}`))[0]).to.include({ request_id: 'why-1' });
    });

    it('are shown newest first and page by page', async () => {
      for (const n of [1, 2, 3]) {
        await call({ accessKey, headers: { 'x-request-id': `page-${n}` } });
      }
      const first = (await server.admin.get('/api/v2/denials?page_size=2')).body;
      const second = (await server.admin.get(`/api/v2/denials?page_size=1&page_token=${first.next_page_token}`)).body;
      const ids = [...first.denials, ...second.denials].map(({ request_id }: Row) => request_id);
      expect(ids).to.deep.equal(['page-3', 'page-2', 'page-1']);
    });

    it('are searched by a text in any of their words, and sorted by time in both directions', async () => {
      const ids = async (query: string) => (await find(query)).map(({ request_id }) => request_id);
      expect(await ids('search_filter=PAGE-')).to.deep.equal(['page-3', 'page-2', 'page-1']);
      expect(await ids('search_filter=page-&sort=at')).to.deep.equal(['page-1', 'page-2', 'page-3']);
      expect(await ids('search_filter=10.1.2&request_id=why-1')).to.deep.equal(['why-1']);
      expect(await ids('search_filter=nowhere')).to.deep.equal([]);
      const walked = await walkPages(server.admin, '/api/v2/denials?search_filter=page-&sort=at', 1, 'denials');
      expect(walked.map(each => (each as Row)['request_id'])).to.deep.equal(['page-1', 'page-2', 'page-3']);
    });

    it('are for site admins, and for project admins as to their models', async () => {
      await call({ accessKey: 'unknown', headers: { 'x-request-id': 'no-model' } });
      expect(await find('request_id=no-model')).to.have.length(1);
      expect(await find('request_id=no-model', ada)).to.deep.equal([]);
      expect(await find('model_id=fraud', ada)).not.to.deep.equal([]);
      expect(await find('', ben)).to.deep.equal([]);
    });
  });

  describe('B45 shadow denials', () => {
    const model = '/api/v2/projects/p/models/churn';
    const path = `${model}/shadow_denials`;

    it('say that nothing is counted where shadow is off or authentication on', async () => {
      const never = { since: null, calls: 0, refused_calls: 0, shadow_denials: [] };
      expect((await ada.get(path)).body).to.deep.include({ ...never, counting: false, auth_enabled: false });
      await server.admin.patch(model, { auth_enabled: true, auth_shadow: true });
      expect((await ada.get(path)).body).to.deep.include({ ...never, counting: false, auth_enabled: true });
      await server.admin.patch(model, { auth_enabled: false });
      const { body } = await ada.get(path);
      expect(body).to.include({ counting: true, calls: 0, refused_calls: 0 });
      expect(body.since).to.be.a('string');
    });

    it('count each caller that authentication would refuse, and let it through', async () => {
      await server.admin.patch(model, { auth_shadow: true });
      for (const bearer of [outsider.api_key, outsider.api_key, undefined]) {
        const sent = { accessKey: 'access-key-of-churn-1', ...(bearer === undefined ? {} : { bearer }) };
        expect((await call(sent)).okResponse).not.to.equal(undefined);
      }
      const { body: insider } = await ada.post('/api/v2/users/ada/v2_keys', {});
      const own = await call({ accessKey: 'access-key-of-churn-1', bearer: insider.api_key });
      expect(own.okResponse).not.to.equal(undefined);
      const { body } = await ada.get(`${path}?sort=-count`);
      const shown = body.shadow_denials.map(({ first_at, last_at, ...rest }: Row) => rest);
      expect(shown).to.deep.equal([
        { reason: 'not_authorized', principal: 'otto', key_id: outsider.key_id, address: null, count: 2 },
        { reason: 'api_key_missing', principal: null, key_id: null, address: '10.1.2.3', count: 1 },
      ]);
      expect(body).to.include({ counting: true, calls: 4, refused_calls: 3 });
    });

    it('start anew when shadow is switched on again', async () => {
      await server.admin.patch(model, { auth_shadow: false });
      await server.admin.patch(model, { auth_shadow: true });
      const { body } = await ada.get(path);
      expect(body).to.deep.include({ counting: true, calls: 0, refused_calls: 0, shadow_denials: [] });
    });

    it('are for the admins of the project', async () => {
      expect((await ben.get(path)).status).to.equal(403);
      expect((await (await server.as('otto')).get(path)).status).to.equal(404);
    });
  });
});
