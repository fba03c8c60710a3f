import { expect } from 'chai';
import { whoMay } from '../../../src/admin/who-may.ts';
import { digestOf } from '../../../src/keys/digest.ts';
import { type AdminClient, adminClient } from '../../support/admin-client.ts';
import { makeApiDocument, operationsOf } from '../../support/api-document.ts';
import { startServer, type TestServer } from '../../support/server.ts';

/** Who asks, weakest first: no credential, a user with nothing to do with project p, three with a permission on it, a site admin. */
const roles = ['nobody', 'outsider', 'viewer', 'writer', 'admin', 'root'] as const;
type Role = (typeof roles)[number];

const site = {
  users: ['outsider', 'viewer', 'writer', 'admin', 'spare'].map(username => ({ username })),
  applications: [{ name: 'robot', owner: 'writer' }],
  teams: [
    {
      team: 'crew',
      members: [
        { username: 'admin', permission: 'admin' },
        { username: 'viewer', permission: 'read' },
      ],
    },
  ],
  projects: [
    {
      project_id: 'p',
      owner: { username: 'admin' },
      collaborators: [
        { username: 'viewer', permission: 'read' },
        { username: 'writer', permission: 'write' },
      ],
      team_collaborators: [{ team: 'crew', mode: 'override', permission: 'read' }],
      models: [{ model_id: 'fraud', auth_shadow: true }, { model_id: 'idle' }],
    },
    { project_id: 'empty', owner: { username: 'admin' } },
  ],
  api_keys: roles.flatMap(role => [
    { key_id: `viewer-${role}`, username: 'viewer', digest: digestOf(`viewer-${role}`) },
    { key_id: `robot-${role}`, username: 'robot', digest: digestOf(`robot-${role}`) },
  ]),
};

/**
 * What each role gets for each operation of the API, in the order of the roles: `+` it is done, else the
 * status of the refusal. In paths `{role}` stands for the one who asks.
 */
const table: readonly (readonly [operation: string, path: string, answers: string, body?: object])[] = [
  ['GET /users', '/users', '401 403 403 403 403 +'],
  ['POST /users', '/users', '401 403 403 403 403 +', { username: 'new' }],
  ['GET /users/{username}', '/users/viewer', '401 403 + 403 403 +'],
  ['PATCH /users/{username}', '/users/viewer', '401 403 403 403 403 +', { name: 'V' }],
  ['DELETE /users/{username}', '/users/spare', '401 403 403 403 403 +'],
  ['POST /users/{username}/v1_key:rotate', '/users/spare/v1_key:rotate', '401 403 403 403 403 +'],
  ['GET /users/{username}/v2_keys', '/users/viewer/v2_keys', '401 403 + 403 403 +'],
  ['POST /users/{username}/v2_keys', '/users/viewer/v2_keys', '401 403 + 403 403 +', {}],
  [
    'POST /users/{username}/v2_keys/{key_id}:rotate',
    '/users/viewer/v2_keys/viewer-{role}:rotate',
    '401 403 + 403 403 +',
  ],
  ['DELETE /users/{username}/v2_keys/{key_id}', '/users/viewer/v2_keys/viewer-{role}', '401 403 + 403 403 +'],
  ['DELETE /users/{username}/v2_keys', '/users/viewer/v2_keys', '401 403 + 403 403 +'],
  ['GET /applications', '/applications', '401 + + + + +'],
  ['POST /applications', '/applications', '401 + + + + +', { name: 'app-{role}' }],
  ['GET /applications/{name}', '/applications/robot', '401 404 404 + 404 +'],
  ['PATCH /applications/{name}', '/applications/robot', '401 404 404 + 404 +', { deactivated: false }],
  ['GET /applications/{name}/v2_keys', '/applications/robot/v2_keys', '401 404 404 + 404 +'],
  ['POST /applications/{name}/v2_keys', '/applications/robot/v2_keys', '401 404 404 + 404 +', {}],
  [
    'POST /applications/{name}/v2_keys/{key_id}:rotate',
    '/applications/robot/v2_keys/robot-{role}:rotate',
    '401 404 404 + 404 +',
  ],
  ['DELETE /applications/{name}/v2_keys/{key_id}', '/applications/robot/v2_keys/robot-{role}', '401 404 404 + 404 +'],
  ['DELETE /applications/{name}/v2_keys', '/applications/robot/v2_keys', '401 404 404 + 404 +'],
  ['DELETE /applications/{name}', '/applications/robot', '401 404 404 + 404 +'],
  ['GET /teams', '/teams', '401 + + + + +'],
  ['POST /teams', '/teams', '401 + + + + +', { team: 'team-{role}' }],
  ['GET /teams/{team}', '/teams/crew', '401 404 + 404 + +'],
  ['PUT /teams/{team}/members/{username}', '/teams/crew/members/spare', '401 404 403 404 + +', { permission: 'read' }],
  ['DELETE /teams/{team}/members/{username}', '/teams/crew/members/viewer', '401 404 403 404 + +'],
  ['DELETE /teams/{team}', '/teams/crew', '401 404 403 404 + +'],
  ['GET /projects', '/projects', '401 + + + + +'],
  ['POST /projects', '/projects', '401 + + + + +', { project_id: 'project-{role}', name: 'P' }],
  ['GET /projects/{project_id}', '/projects/p', '401 404 + + + +'],
  ['PATCH /projects/{project_id}', '/projects/p', '401 404 403 403 + +', { name: 'P' }],
  ['DELETE /projects/{project_id}', '/projects/empty', '401 404 404 404 + +'],
  ['GET /projects/{project_id}/collaborators', '/projects/p/collaborators', '401 404 403 403 + +'],
  [
    'PUT /projects/{project_id}/collaborators/{username}',
    '/projects/p/collaborators/robot',
    '401 404 403 403 + +',
    { permission: 'read' },
  ],
  ['DELETE /projects/{project_id}/collaborators/{username}', '/projects/p/collaborators/writer', '401 404 403 403 + +'],
  [
    'PUT /projects/{project_id}/team_collaborators/{team}',
    '/projects/p/team_collaborators/crew',
    '401 404 403 403 + +',
    { mode: 'inherit' },
  ],
  [
    'DELETE /projects/{project_id}/team_collaborators/{team}',
    '/projects/p/team_collaborators/crew',
    '401 404 403 403 + +',
  ],
  ['GET /models', '/models', '401 + + + + +'],
  ['GET /projects/{project_id}/models', '/projects/p/models', '401 404 + + + +'],
  ['POST /projects/{project_id}/models', '/projects/p/models', '401 404 403 + + +', { name: 'M' }],
  ['GET /projects/{project_id}/models/{model_id}', '/projects/p/models/fraud', '401 404 + + + +'],
  ['PATCH /projects/{project_id}/models/{model_id}', '/projects/p/models/fraud', '401 404 403 + + +', { name: 'F' }],
  [
    'POST /projects/{project_id}/models/{model_id}:regenerate_access_key',
    '/projects/p/models/fraud:regenerate_access_key',
    '401 404 403 + + +',
  ],
  [
    'GET /projects/{project_id}/models/{model_id}/shadow_denials',
    '/projects/p/models/fraud/shadow_denials',
    '401 404 403 403 + +',
  ],
  ['POST /projects/{project_id}/models/{model_id}:test', '/projects/p/models/fraud:test', '401 404 + + + +'],
  [
    'GET /projects/{project_id}/models/{model_id}/recent_callers',
    '/projects/p/models/fraud/recent_callers',
    '401 404 403 + + +',
  ],
  ['DELETE /projects/{project_id}/models/{model_id}', '/projects/p/models/idle', '401 404 403 + + +'],
  ['POST /models:enable_authentication', '/models:enable_authentication', '401 404 403 + + +', { project_id: 'p' }],
  ['POST /decisions:explain', '/decisions:explain', '401 403 403 403 + +', { model_id: 'fraud' }],
  ['GET /denials', '/denials', '401 + + + + +'],
  ['GET /live', '/live', '401 + + + + +'],
  ['GET /settings', '/settings', '401 403 403 403 403 +'],
  ['PATCH /settings', '/settings', '401 403 403 403 403 +', { stale_after_seconds: 0 }],
  ['GET /audit_events', '/audit_events?project_id=p', '401 404 403 403 + +'],
  ['GET /site', '/site', '401 403 403 403 403 +'],
  ['POST /site:apply', '/site:apply', '401 403 403 403 403 +', { users: [] }],
  ['POST /site:backup', '/site:backup', '401 403 403 403 403 +'],
  ['POST /site:accept_clock', '/site:accept_clock', '401 403 403 403 403 +'],
  ['POST /users/{username}:sign_in_link', '/users/viewer:sign_in_link', '401 403 + 403 403 +'],
  ['GET /sessions/current', '/sessions/current', '401 401 401 401 401 401'],
  ['DELETE /sessions/current', '/sessions/current', '401 401 401 401 401 401'],
  ['GET /sign_in_methods', '/sign_in_methods', '+ + + + + +'],
  ['GET /openapi.json', '/openapi.json', '+ + + + + +'],
  ['GET /site.schema.json', '/site.schema.json', '+ + + + + +'],
];

/** What each answer to "who may" in the API's document comes to in the table. */
const answersOf: Readonly<Record<string, readonly string[]>> = {
  [whoMay.siteAdmin]: ['401 403 403 403 403 +'],
  // The second: asked about a user that is none of the roles.
  [whoMay.itself]: ['401 403 + 403 403 +', '401 403 403 403 403 +'],
  [whoMay.applicationOwner]: ['401 404 404 + 404 +'],
  [whoMay.teamMember]: ['401 404 + 404 + +'],
  [whoMay.teamAdmin]: ['401 404 403 404 + +'],
  [whoMay.read]: ['401 404 + + + +'],
  [whoMay.write]: ['401 404 403 + + +'],
  // The second: on a project that the others cannot see. The third: where the project is not in the path.
  [whoMay.admin]: ['401 404 403 403 + +', '401 404 404 404 + +', '401 403 403 403 + +'],
  [whoMay.anyUser]: ['401 + + + + +'],
  [whoMay.signInLink]: ['401 403 + 403 403 +'],
  // Each role comes with a legacy key, which is no session.
  [whoMay.session]: ['401 401 401 401 401 401'],
  [whoMay.anyone]: ['+ + + + + +'],
};

/** Operations that ask for a credential of their own; no user's role has a say in them. */
const forOthers = ['POST /auth/validate_key', 'POST /auth/revoke_key', 'POST /sessions'];

describe('T30 who may do what, for every operation of the API', () => {
  let server: TestServer;
  const clients = {} as Record<Role, AdminClient>;

  before(async () => {
    server = await startServer();
    await restore();
    for (const role of roles) {
      clients[role] = role === 'nobody' ? adminClient(server.admin.url, '') : server.admin;
    }
    for (const role of ['outsider', 'viewer', 'writer', 'admin'] as const) {
      clients[role] = await server.as(role);
    }
  });
  after(() => server.close());

  async function restore(): Promise<void> {
    const { status, body } = await server.admin.post('/api/v2/site:apply', site);
    expect(status, JSON.stringify(body)).to.equal(200);
  }

  const revision = async () => (await server.admin.get('/readyz')).body.components.snapshot.detail.split(',')[0];

  it('has a row for each operation, and no other', async () => {
    const documented = operationsOf(await makeApiDocument()).map(({ method, path }) => `${method} ${path}`);
    const rows = table.map(([operation]) => operation);
    expect([...rows, ...forOthers]).to.have.members(documented);
  });

  it('says the same as the document of who may', async () => {
    const documented = operationsOf(await makeApiDocument());
    for (const [operation, , answers] of table) {
      const found = documented.find(({ method, path }) => `${method} ${path}` === operation);
      expect(answersOf[found?.['x-who-may'] ?? ''], operation).to.include(answers);
    }
  });

  for (const [operation, path, answers, body] of table) {
    const [method = ''] = operation.split(' ');
    it(`${operation}: ${answers}`, async () => {
      for (const [at, role] of roles.entries()) {
        const wanted = answers.split(' ')[at] ?? '';
        const before = await revision();
        const sent = body && JSON.parse(JSON.stringify(body).replaceAll('{role}', role));
        const { status } = await clients[role].send(method, `/api/v2${path.replaceAll('{role}', role)}`, sent);
        expect(wanted === '+' ? status < 300 : status === Number(wanted), `${role} got ${status}`).to.equal(true);
        if (wanted !== '+') {
          expect(await revision(), `${role} changed something`).to.equal(before);
        } else if (method !== 'GET') {
          await restore();
        }
      }
    });
  }
});
