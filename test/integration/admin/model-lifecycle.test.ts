import { expect } from 'chai';
import { type RoleSite, startRoles } from '../../support/roles.ts';

const models = '/api/v2/projects/p/models';

describe('admin API: making and deleting models', () => {
  let site: RoleSite;
  before(async () => {
    site = await startRoles();
  });
  after(() => site.server.close());

  it('T30 makes models for those who hold write', async () => {
    const make = (path: string) => site.statuses(client => client.post(path, { name: 'M' }));
    expect(await make(models)).to.deep.equal([401, 404, 403, 201, 201, 201]);
    expect(await make('/api/v2/projects/other/models')).to.deep.equal([401, 404, 404, 404, 404, 201]);
  });

  it('B34 makes a model with authentication on and an access key that works at once', async () => {
    const { status, body } = await site.writer.post(models, { name: 'Risk' });
    expect(status).to.equal(201);
    expect(body).to.include({ name: 'Risk', auth_enabled: true, auth_shadow: false, state: 'running' });
    expect(body.target).to.equal(body.model_id);
    expect(body.access_key).to.match(/^m[0-9a-z]{31}$/);
    expect(await site.checked(body.access_key)).to.equal(401);
    expect(await site.checked(body.access_key, await site.apiKeyOf('viewer'))).to.equal(200);
  });

  it('B13 B45 makes a model without authentication only where that is asked for', async () => {
    const { body } = await site.writer.post(models, { disable_authentication: true, auth_shadow: true });
    expect(body).to.include({ auth_enabled: false, auth_shadow: true });
    expect(await site.checked(body.access_key)).to.equal(200);
  });

  it('T30 lets only a site admin choose the id or the target, which name the cluster that gets the calls', async () => {
    const rule = [401, 404, 403, 403, 403, 201];
    const chosen = await site.statuses(client => client.post(models, { model_id: 'chosen' }));
    const target = await site.statuses(client => client.post(models, { target: 'modelgate' }));
    expect([chosen, target]).to.deep.equal([rule, rule]);
    const both = await site.root.post(models, { model_id: 'one', target: 'cluster-one' });
    expect(both.body).to.include({ model_id: 'one', name: 'one', target: 'cluster-one' });
    expect((await site.root.post('/api/v2/projects/other/models', { model_id: 'one' })).status).to.equal(409);
  });

  it('T30 deletes models for those who hold write', async () => {
    const prepare = () => site.root.post(models, { model_id: 'gone' });
    const remove = await site.statuses(client => client.delete(`${models}/gone`), prepare);
    expect(remove).to.deep.equal([401, 404, 403, 204, 204, 204]);
    expect((await site.owner.delete('/api/v2/projects/p/models/others')).status).to.equal(404);
    expect((await site.root.get('/api/v2/projects/other/models/others')).status).to.equal(200);
  });

  it('B11 B38 knows the access key of a deleted model no more, as it does any other unknown one', async () => {
    const { body } = await site.writer.post(models, {});
    const key = await site.apiKeyOf('viewer');
    expect(await site.checked(body.access_key, key)).to.equal(200);
    await site.writer.delete(`${models}/${body.model_id}`);
    expect(await site.checked(body.access_key, key)).to.equal(404);
    expect((await site.writer.delete(`${models}/${body.model_id}`)).status).to.equal(404);
  });

  it('B44 leaves a key that is narrowed to a deleted model narrowed to it, and of no use for others', async () => {
    await site.root.post(models, { model_id: 'brief' });
    const key = await site.apiKeyOf('viewer', { models: ['brief'] });
    const brief = await site.accessKeyOf('p', 'brief');
    const fraud = await site.accessKeyOf('p', 'fraud');
    expect([await site.checked(brief, key), await site.checked(fraud, key)]).to.deep.equal([200, 403]);
    await site.root.delete(`${models}/brief`);
    expect([await site.checked(brief, key), await site.checked(fraud, key)]).to.deep.equal([404, 403]);
    const { body } = await site.viewer.get('/api/v2/users/viewer/v2_keys');
    expect(body.api_keys.map((each: { models: string[] | null }) => each.models)).to.deep.include(['brief']);
  });

  it('B44 opens a model that takes up the id to such a key only as far as its owner may call it', async () => {
    const key = await site.apiKeyOf('viewer', { models: ['fraud'] });
    await site.root.delete(`${models}/fraud`);
    await site.root.post('/api/v2/projects/other/models', { model_id: 'fraud' });
    expect(await site.checked(await site.accessKeyOf('other', 'fraud'), key)).to.equal(403);
    await site.root.delete('/api/v2/projects/other/models/fraud');
    await site.root.post(models, { model_id: 'fraud' });
    expect(await site.checked(await site.accessKeyOf('p', 'fraud'), key)).to.equal(200);
  });

  it('T30 refuses fields that are not for the caller to set', async () => {
    for (const body of [{ access_key: 'm-chosen-by-the-caller' }, { auth_enabled: false }, { crn: 'x' }]) {
      expect((await site.root.post(models, body)).status, JSON.stringify(body)).to.equal(400);
    }
  });
});
