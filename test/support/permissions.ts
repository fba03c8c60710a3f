import { whoMay } from '../../src/admin/who-may.ts';
import { digestOf } from '../../src/keys/digest.ts';

/** The rule of who may do what (T30): tests hold every route against it, and README's table is made from it. */

export type PermissionRow = readonly [operation: string, path: string, answers: string, body?: object];

/** Who asks, weakest first: no credential, a user with nothing to do with project p, three with a permission on it, a site admin. */
export const roles = ['nobody', 'outsider', 'viewer', 'writer', 'admin', 'root'] as const;
export type Role = (typeof roles)[number];

/** Project p with everybody who has something to do with it; what is the stranger's, none of the roles has. */
export const permissionSite = {
  users: ['outsider', 'viewer', 'writer', 'admin', 'spare', 'stranger'].map(username => ({ username })),
  applications: [
    { name: 'robot', owner: 'writer' },
    { name: 'drone', owner: 'stranger' },
  ],
  teams: [
    {
      team: 'crew',
      members: [
        { username: 'admin', permission: 'admin' },
        { username: 'viewer', permission: 'read' },
      ],
    },
    { team: 'strangers', members: [{ username: 'stranger', permission: 'admin' }] },
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
    {
      project_id: 'other',
      owner: { username: 'stranger' },
      collaborators: [{ username: 'spare', permission: 'read' }],
      team_collaborators: [{ team: 'strangers', mode: 'override', permission: 'read' }],
      models: [{ model_id: 'others', auth_shadow: true }, { model_id: 'other-idle' }],
    },
    { project_id: 'other-empty', owner: { username: 'stranger' } },
  ],
  api_keys: roles.flatMap(role => [
    { key_id: `viewer-${role}`, username: 'viewer', digest: digestOf(`viewer-${role}`) },
    { key_id: `robot-${role}`, username: 'robot', digest: digestOf(`robot-${role}`) },
    { key_id: `stranger-${role}`, username: 'stranger', digest: digestOf(`stranger-${role}`) },
    { key_id: `drone-${role}`, username: 'drone', digest: digestOf(`drone-${role}`) },
  ]),
};

/** Who a user of the site is at an OpenID provider. */
export function identityOf(username: string) {
  return { issuer: 'https://id.example.org', subject: `sub-${username}` };
}

/**
 * What each role gets for each operation of the API, in the order of the roles: `+` it is done, else the
 * status of the refusal. In paths `{role}` stands for the one who asks.
 */
export const permissions: readonly PermissionRow[] = [
  ['GET /users', '/users', '401 403 403 403 403 +'],
  ['POST /users', '/users', '401 403 403 403 403 +', { username: 'new' }],
  ['GET /users/{username}', '/users/viewer', '401 403 + 403 403 +'],
  ['PATCH /users/{username}', '/users/viewer', '401 403 403 403 403 +', { name: 'V' }],
  ['DELETE /users/{username}', '/users/spare', '401 403 403 403 403 +'],
  ['POST /users/{username}/v1_key:rotate', '/users/viewer/v1_key:rotate', '401 403 + 403 403 +'],
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
  ['GET /v2_keys', '/v2_keys?key_id_prefix=viewer', '401 403 403 403 403 +'],
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
  [
    'GET /projects/{project_id}/models/{model_id}/recent_callers',
    '/projects/p/models/fraud/recent_callers',
    '401 404 403 + + +',
  ],
  ['POST /projects/{project_id}/models/{model_id}:test', '/projects/p/models/fraud:test', '401 404 + + + +'],
  ['DELETE /projects/{project_id}/models/{model_id}', '/projects/p/models/idle', '401 404 403 + + +'],
  ['POST /models:enable_authentication', '/models:enable_authentication', '401 404 403 + + +', { project_id: 'p' }],
  ['POST /decisions:explain', '/decisions:explain', '401 403 403 403 + +', { model_id: 'fraud' }],
  ['GET /denials', '/denials', '401 + + + + +'],
  ['GET /live', '/live', '401 + + + + +'],
  ['GET /settings', '/settings', '401 403 403 403 403 +'],
  ['PATCH /settings', '/settings', '401 403 403 403 403 +', { stale_after_seconds: 0 }],
  ['GET /audit_events', '/audit_events?project_id=p', '401 404 403 403 + +'],
  ['GET /fleet', '/fleet', '401 403 403 403 403 +'],
  ['GET /site', '/site', '401 403 403 403 403 +'],
  ['POST /site:apply', '/site:apply', '401 403 403 403 403 +', { users: [] }],
  ['POST /site:backup', '/site:backup', '401 403 403 403 403 +'],
  ['POST /site:download_backup', '/site:download_backup', '401 403 403 403 403 +'],
  ['POST /site:accept_clock', '/site:accept_clock', '401 403 403 403 403 +'],
  ['POST /users/{username}:sign_in_link', '/users/viewer:sign_in_link', '401 403 + 403 403 +'],
  ['GET /users/{username}/oidc_identity', '/users/viewer/oidc_identity', '401 403 + 403 403 +'],
  ['PUT /users/{username}/oidc_identity', '/users/spare/oidc_identity', '401 403 403 403 403 +', identityOf('spare')],
  ['DELETE /users/{username}/oidc_identity', '/users/viewer/oidc_identity', '401 403 403 403 403 +'],
  ['GET /sessions/current', '/sessions/current', '401 401 401 401 401 401'],
  ['DELETE /sessions/current', '/sessions/current', '401 401 401 401 401 401'],
  ['GET /sign_in_methods', '/sign_in_methods', '+ + + + + +'],
  ['GET /openapi.json', '/openapi.json', '+ + + + + +'],
  ['GET /site.schema.json', '/site.schema.json', '+ + + + + +'],
];

/** What each answer to "who may" in the API's document comes to in the table. */
export const answersOf: Readonly<Record<string, readonly string[]>> = {
  [whoMay.siteAdmin]: ['401 403 403 403 403 +'],
  [whoMay.itself]: ['401 403 + 403 403 +'],
  [whoMay.applicationOwner]: ['401 404 404 + 404 +'],
  [whoMay.teamMember]: ['401 404 + 404 + +'],
  [whoMay.teamAdmin]: ['401 404 403 404 + +'],
  [whoMay.read]: ['401 404 + + + +'],
  [whoMay.write]: ['401 404 403 + + +'],
  // The second: on a project that the others cannot see. The third: where the project is not in the path.
  [whoMay.admin]: ['401 404 403 403 + +', '401 404 404 404 + +', '401 403 403 403 + +'],
  [whoMay.anyUser]: ['401 + + + + +'],
  [whoMay.inItsName]: ['401 403 + 403 403 +'],
  // Each role comes with a legacy key, which is no session.
  [whoMay.session]: ['401 401 401 401 401 401'],
  [whoMay.anyone]: ['+ + + + + +'],
};

/**
 * What a site admin gets for each operation on another site admin, its equal (B35): to end something is allowed, to act in
 * its name is not. In paths `{equal}` stands for that one, which has the key `{key}`.
 */
export const aboutEquals: readonly PermissionRow[] = [
  ['GET /users/{username}', '/users/{equal}', '+'],
  ['PATCH /users/{username}', '/users/{equal}', '+', { name: 'E' }],
  ['DELETE /users/{username}', '/users/{equal}', '+'],
  ['POST /users/{username}/v1_key:rotate', '/users/{equal}/v1_key:rotate', '403'],
  ['GET /users/{username}/v2_keys', '/users/{equal}/v2_keys', '+'],
  ['POST /users/{username}/v2_keys', '/users/{equal}/v2_keys', '403', {}],
  ['POST /users/{username}/v2_keys/{key_id}:rotate', '/users/{equal}/v2_keys/{key}:rotate', '403'],
  ['DELETE /users/{username}/v2_keys/{key_id}', '/users/{equal}/v2_keys/{key}', '+'],
  ['DELETE /users/{username}/v2_keys', '/users/{equal}/v2_keys', '+'],
  ['POST /users/{username}:sign_in_link', '/users/{equal}:sign_in_link', '403'],
  ['GET /users/{username}/oidc_identity', '/users/{equal}/oidc_identity', '+'],
  ['PUT /users/{username}/oidc_identity', '/users/{equal}/oidc_identity', '403', identityOf('mine')],
  ['DELETE /users/{username}/oidc_identity', '/users/{equal}/oidc_identity', '403'],
];

/** Operations that ask for a credential of their own; no user's role has a say in them. */
export const forOthers = [
  'POST /auth/validate_key',
  'POST /auth/revoke_key',
  'POST /sessions',
  'POST /sessions:preview',
  'GET /oidc/sign_in',
  'GET /oidc/callback',
];

/** What the stranger has, in place of what the rows ask about. */
const strangers: readonly (readonly [own: RegExp, other: string])[] = [
  [/^\/users\/viewer/, '/users/stranger'],
  [/\/viewer-\{role\}/, '/stranger-{role}'],
  [/\/applications\/robot/, '/applications/drone'],
  [/\/robot-\{role\}/, '/drone-{role}'],
  [/^\/teams\/crew/, '/teams/strangers'],
  [/(\/strangers\/members)\/viewer/, '$1/stranger'],
  [/\/projects\/p\b/, '/projects/other'],
  [/\/projects\/empty/, '/projects/other-empty'],
  [/project_id=p$/, 'project_id=other'],
  [/\/models\/fraud/, '/models/others'],
  [/\/models\/idle/, '/models/other-idle'],
  [/(\/other\/collaborators)\/writer/, '$1/spare'],
  [/(\/other\/team_collaborators)\/crew/, '$1/strangers'],
];
const strangersInBody: Readonly<Record<string, string>> = { p: 'other', fraud: 'others' };

/** The same asked about what is the stranger's, where a row is about somebody's own: then only the site admin gets anything. */
export function aboutOthers([operation, path, answers, body]: PermissionRow): PermissionRow | undefined {
  const other = strangers.reduce((text, [own, replaced]) => text.replace(own, replaced), path);
  const sent = body && JSON.parse(JSON.stringify(body), (_key, value) => strangersInBody[value] ?? value);
  if (other === path && JSON.stringify(sent) === JSON.stringify(body)) {
    return undefined;
  }
  // That a user is there is no secret, nor that a decision can be explained; anything else that is not theirs is not there for them.
  const refused = /^\/(users|decisions)/.test(path) ? '403' : '404';
  const isForNobody = !answers.includes('+');
  return [operation, other, isForNobody ? answers : `401 ${`${refused} `.repeat(4)}+`, sent];
}
