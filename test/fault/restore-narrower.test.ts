import { join } from 'node:path';
import { expect } from 'chai';
import { recover } from '../../src/assemble.ts';
import { digestOf } from '../../src/keys/digest.ts';
import { type AdminClient, adminClient } from '../support/admin-client.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { endedKeyLines, lines, restored, url } from '../support/revoked-site.ts';
import { serveAgain, startServer } from '../support/server.ts';

const apiKey = (key_id: string, changes: object = {}) => ({
  ...{ key_id, username: 'bob', digest: digestOf(key_id), expiry_date: '2999-01-01T00:00:00.000Z' },
  ...changes,
});

const site = {
  users: [{ username: 'bob' }, { username: 'eve' }],
  teams: [{ team: 't' }, { team: 'gone', members: [{ username: 'bob', permission: 'read' }] }],
  applications: [{ name: 'batch', owner: 'bob' }],
  projects: [
    {
      project_id: 'p',
      owner: { username: 'bob' },
      models: [{ model_id: 'm' }, { model_id: 'off' }, { model_id: 'n' }],
    },
    {
      project_id: 'gone',
      owner: { username: 'root' },
      collaborators: [{ username: 'bob', permission: 'read' }],
      team_collaborators: [{ team: 't', mode: 'inherit' }],
      models: [{ model_id: 'with-it' }],
    },
    {
      project_id: 'q',
      owner: { username: 'root' },
      team_collaborators: [{ team: 't', mode: 'override', permission: 'admin' }],
    },
  ],
  api_keys: ['expiry', 'models', 'audiences', 'overlap'].map(id => apiKey(id, { audiences: ['API', 'Application'] })),
};

/** Everything is less afterwards, and nothing that is more counts. */
async function narrow(admin: AdminClient): Promise<void> {
  const api_keys = [
    apiKey('expiry', { expiry_date: '2998-01-01T00:00:00.000Z' }),
    apiKey('models', { models: ['m'] }),
    apiKey('audiences', { audiences: ['API'] }),
  ];
  const projects = [
    { project_id: 'q', team_collaborators: [{ team: 't', mode: 'override', permission: 'read' }] },
    { project_id: 'p', owner: { username: 'root' }, visibility: 'public' },
  ];
  await admin.post(url('site:apply'), { api_keys, projects, applications: [{ name: 'batch', owner: 'eve' }] });
  await admin.post(url('users/bob/v2_keys/overlap:rotate'), { overlap_seconds: 3600 });
  await admin.post(url('projects/p/models/m:regenerate_access_key'));
  await admin.patch(url('projects/p/models/off'), { state: 'stopped' });
  await admin.patch(url('settings'), { default_api_key_expiration_days: 3, stale_after_seconds: 5 });
  await admin.delete(url('projects/gone?cascade=true'));
  await admin.delete(url('teams/gone'));
}

describe('T53 O14 a backup that is restored over a store in which less is allowed', function () {
  this.timeout(60_000);

  it('leaves keys as narrow and short as they were, and lists the rest', async () => {
    const data = dataDirectory();
    const server = await startServer({ data });
    const { admin } = server;
    await admin.post(url('site:apply'), site);
    const { name } = (await admin.post(url('site:backup'))).body;
    await narrow(admin);
    const keysOf = async (client: AdminClient) => {
      const { api_keys } = (await client.get(url('users/bob/v2_keys?page_size=100'))).body;
      const shown = ({ key_id, expiry_date, models, audiences }: Record<string, unknown>) =>
        JSON.stringify({ key_id, expiry_date, models, audiences });
      return (api_keys as Record<string, unknown>[]).filter(({ replaces }) => replaces === null).map(shown);
    };
    const before = await keysOf(admin);
    await server.close();
    const done = await restored({ data, backup: join(data, name) });
    expect(lines(done)).to.have.members([
      ...endedKeyLines('expiry', 'models', 'audiences', 'overlap'),
      'back settings settings: settings set --default-api-key-expiration-days 3',
      'back settings settings: settings set --stale-after-seconds 5',
      'back application batch: applications update batch --owner eve',
      'back team gone: teams delete gone',
      'back project gone: projects delete gone --with-models',
      'back project p: projects update p --owner root',
      'back team_collaborator q/t: collaborators put q --team t --mode override --permission read',
      'back model m: models regenerate-key p m',
      'back model off: models update p off --state stopped',
    ]);
    const again = await serveAgain(data, admin);
    const after = await keysOf(again.admin);
    await again.close();
    expect(after).to.deep.equal(before);
  });

  it('leaves a site admin whose key was rotated since to be recovered', async () => {
    const data = dataDirectory();
    const server = await startServer({ data });
    const { name } = (await server.admin.post(url('site:backup'))).body;
    const newer = (await server.admin.post(url('users/root/v1_key:rotate'))).body.legacy_key;
    await server.close();
    await restored({ data, backup: join(data, name) });
    const key = await recover(data, 'root');
    const again = await serveAgain(data, { key });
    const status = async (one: string) => (await adminClient(again.admin.url, one).get(url('users'))).status;
    const statuses = [await status(server.admin.key), await status(newer), await status(key)];
    await again.close();
    expect(statuses).to.deep.equal([401, 401, 200]);
  });
});
