import { expect } from 'chai';
import { digestOf } from '../../../src/keys/digest.ts';
import type { AdminClient } from '../../support/admin-client.ts';
import { startServer, type TestServer } from '../../support/server.ts';

const site = {
  users: [{ username: 'plain' }, { username: 'owner' }],
  applications: [{ name: 'robot', owner: 'owner' }],
  teams: [{ team: 'crew', members: [{ username: 'owner', permission: 'admin' }] }],
  projects: [
    { project_id: 'secret', owner: { username: 'owner' }, models: [{ model_id: 'fraud', auth_shadow: true }] },
    { project_id: 'mine', owner: { username: 'plain' }, models: [{ model_id: 'open' }] },
  ],
  api_keys: [{ key_id: 'key-of-owner', username: 'owner', digest: digestOf('key-of-owner') }],
};

/** What there is, and may not be told from what is not there: with it in the path, or in the body. */
const questions: readonly (readonly [method: string, path: string, there: string, body?: object])[] = [
  ...['', '/v2_keys', '/oidc_identity'].map(rest => ['GET', `/users/IT${rest}`, 'owner'] as const),
  ['POST', '/users/IT:sign_in_link', 'owner'],
  ['POST', '/users/IT/v1_key:rotate', 'owner'],
  ['POST', '/users/IT/v2_keys', 'owner', {}],
  ['DELETE', '/users/plain/v2_keys/IT', 'key-of-owner'],
  ['POST', '/users/plain/v2_keys/IT:rotate', 'key-of-owner', {}],
  ['POST', '/users/plain/v2_keys', 'fraud', { models: ['IT'] }],
  ['GET', '/v2_keys?key_id_prefix=IT', 'key-of-owner'],
  ...['', '/v2_keys'].map(rest => ['GET', `/applications/IT${rest}`, 'robot'] as const),
  ['GET', '/applications?owner=IT', 'owner'],
  ['GET', '/teams/IT', 'crew'],
  ['GET', '/teams?member=IT', 'owner'],
  ['PUT', '/teams/IT/members/plain', 'crew', { permission: 'read' }],
  ...['', '/collaborators', '/models', '/models/fraud', '/models/fraud/shadow_denials'].map(
    rest => ['GET', `/projects/IT${rest}`, 'secret'] as const,
  ),
  ['GET', '/projects/mine/models/IT', 'fraud'],
  ['GET', '/projects/mine/models/IT/recent_callers', 'fraud'],
  ['POST', '/projects/mine/models/IT:test', 'fraud', {}],
  ['PATCH', '/projects/mine/models/IT', 'fraud', { name: 'M' }],
  ['GET', '/projects?owner=IT', 'owner'],
  ['GET', '/projects?owner_team=IT', 'crew'],
  ['GET', '/projects?collaborator=IT', 'owner'],
  ['POST', '/projects', 'crew', { name: 'P', owner: { team: 'IT' } }],
  ['PATCH', '/projects/mine', 'crew', { owner: { team: 'IT' } }],
  ['POST', '/models:enable_authentication', 'secret', { project_id: 'IT' }],
  ['GET', '/audit_events?project_id=IT', 'secret'],
  ...['model_id=IT', 'search_filter=IT'].map(query => ['GET', `/denials?${query}`, 'fraud'] as const),
  ['GET', '/denials?project_id=IT', 'secret'],
  ['GET', '/denials?key_id=IT', 'key-of-owner'],
  ['POST', '/decisions:explain', 'fraud', { model_id: 'IT' }],
  ['POST', '/decisions:explain', 'fraud', { model_id: 'open', pin: 'IT' }],
  ['POST', '/decisions:explain', 'key-of-owner', { model_id: 'open', key_id: 'IT' }],
  ['POST', '/decisions:explain', 'key-of-owner', { key_id: 'IT' }],
];

describe('T30 S8 what is not there for others', () => {
  let server: TestServer;
  let plain: AdminClient;

  before(async () => {
    server = await startServer();
    await server.admin.post('/api/v2/site:apply', site);
    plain = await server.as('plain');
  });
  after(() => server.close());

  for (const [method, path, there, body] of questions) {
    it(`${method} ${path} ${body ? JSON.stringify(body) : ''} tells a user nothing of ${there}`, async () => {
      const answer = async (name: string) => {
        const withName = (text: string) => text.replaceAll('IT', name);
        const sent = body && JSON.parse(withName(JSON.stringify(body)));
        const { status, body: told } = await plain.send(method, `/api/v2${withName(path)}`, sent);
        const { request_id: _, ...rest } = told ?? {};
        return `${status} ${JSON.stringify(rest).replaceAll(name, 'IT')}`;
      };
      expect(await answer(there)).to.equal(await answer('nowhere'));
    });
  }
});
