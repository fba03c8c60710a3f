import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type FakeApi, legacyKey, type Reply, startFakeApi } from '../../support/cli-server.ts';
import { dataDirectory } from '../../support/data-directory.ts';

type Case = readonly [argv: readonly string[], method: string, url: string, body?: object];

const all: readonly Case[] = [
  [['users', 'get', '007'], 'GET', '/users/007'],
  [['users', 'get', 'a/b?c'], 'GET', '/users/a%2Fb%3Fc'],
  [['users', 'create', 'bob'], 'POST', '/users', { username: 'bob', site_admin: false }],
  [
    ['users', 'create', 'bob', '--name', 'Bob', '--email', 'b@x.org', '--site-admin'],
    'POST',
    '/users',
    { username: 'bob', name: 'Bob', email: 'b@x.org', site_admin: true },
  ],
  [['users', 'update', 'bob', '--name', ''], 'PATCH', '/users/bob', { name: '' }],
  [
    ['users', 'update', 'bob', '--site-admin', 'false', '--deactivated=true', '--email', 'b@x.org'],
    'PATCH',
    '/users/bob',
    { email: 'b@x.org', site_admin: false, deactivated: true },
  ],
  [['users', 'delete', 'bob'], 'DELETE', '/users/bob'],
  [
    ['users', 'list', '--search', 'b c', '--sort', 'last_used_at', '--descending', '--expired'],
    'GET',
    '/users?search_filter=b+c&sort=-last_used_at&expired=true&page_size=1000',
  ],
  [
    ['users', 'list', '--last-used-before', '2030-01-31', '--expired=false'],
    'GET',
    '/users?expired=false&last_used_before=2030-01-31T00%3A00%3A00Z&page_size=1000',
  ],
  [['applications', 'get', 'bot'], 'GET', '/applications/bot'],
  [['applications', 'create', 'bot'], 'POST', '/applications', { name: 'bot' }],
  [['applications', 'create', 'bot', '--owner', 'ada'], 'POST', '/applications', { name: 'bot', owner: 'ada' }],
  [['applications', 'update', 'bot', '--deactivated=true'], 'PATCH', '/applications/bot', { deactivated: true }],
  [['applications', 'update', 'bot', '--owner', 'ada'], 'PATCH', '/applications/bot', { owner: 'ada' }],
  [['applications', 'delete', 'bot'], 'DELETE', '/applications/bot'],
  [
    ['applications', 'list', '--owner', 'ada', '--owner-deactivated', '--sort', 'owner'],
    'GET',
    '/applications?sort=owner&owner=ada&owner_deactivated=true&page_size=1000',
  ],
  [['projects', 'get', 'p'], 'GET', '/projects/p'],
  [
    ['projects', 'list', '--visibility=public', '--owner', 'ada', '--sort', 'name', '--search', 'x'],
    'GET',
    '/projects?search_filter=x&sort=name&visibility=public&owner=ada&page_size=1000',
  ],
  [['projects', 'list', '--owner-team', 't'], 'GET', '/projects?owner_team=t&page_size=1000'],
  [['projects', 'list', '--collaborator', 'ada'], 'GET', '/projects?collaborator=ada&page_size=1000'],
  [['projects', 'create'], 'POST', '/projects', {}],
  [
    ['projects', 'create', 'p', '--name', 'P', '--owner-team', 't', '--visibility', 'organization'],
    'POST',
    '/projects',
    { project_id: 'p', name: 'P', visibility: 'organization', owner: { team: 't' } },
  ],
  [['projects', 'update', 'p', '--owner', 'ada'], 'PATCH', '/projects/p', { owner: { username: 'ada' } }],
  [['projects', 'update', 'p', '--name', ''], 'PATCH', '/projects/p', { name: '' }],
  [['projects', 'delete', 'p'], 'DELETE', '/projects/p'],
  [['projects', 'delete', 'p', '--with-models'], 'DELETE', '/projects/p?cascade=true'],
  [['collaborators', 'list', 'p'], 'GET', '/projects/p/collaborators?page_size=1000'],
  [
    ['collaborators', 'list', 'p', '--search', 'a', '--sort', 'permission', '--descending'],
    'GET',
    '/projects/p/collaborators?search_filter=a&sort=-permission&page_size=1000',
  ],
  [
    ['collaborators', 'put', 'p', 'ada', '--permission', 'read'],
    'PUT',
    '/projects/p/collaborators/ada',
    { permission: 'read' },
  ],
  [['collaborators', 'put', 'p', '--team', 't'], 'PUT', '/projects/p/team_collaborators/t', {}],
  [
    ['collaborators', 'put', 'p', '--team', 't', '--mode', 'override', '--permission', 'write'],
    'PUT',
    '/projects/p/team_collaborators/t',
    { mode: 'override', permission: 'write' },
  ],
  [['collaborators', 'delete', 'p', 'ada'], 'DELETE', '/projects/p/collaborators/ada'],
  [['collaborators', 'delete', 'p', '--team', 't'], 'DELETE', '/projects/p/team_collaborators/t'],
  [['teams', 'list', '--sort', 'team', '--descending'], 'GET', '/teams?sort=-team&page_size=1000'],
  [['teams', 'get', 't'], 'GET', '/teams/t?page_size=1000'],
  [['teams', 'create', 't'], 'POST', '/teams', { team: 't' }],
  [['teams', 'create', 't', '--admin', 'ada'], 'POST', '/teams', { team: 't', admin: 'ada' }],
  [['teams', 'delete', 't'], 'DELETE', '/teams/t'],
  [
    ['teams', 'members', 'put', 't', 'ada', '--permission', 'admin'],
    'PUT',
    '/teams/t/members/ada',
    { permission: 'admin' },
  ],
  [['teams', 'members', 'delete', 't', 'ada'], 'DELETE', '/teams/t/members/ada'],
  [
    ['models', 'create', 'p', '--name', 'M'],
    'POST',
    '/projects/p/models',
    { name: 'M', disable_authentication: false, auth_shadow: false },
  ],
  [
    ['models', 'create', 'p', '--id', 'm', '--target', 't', '--disable-authentication', '--auth-shadow'],
    'POST',
    '/projects/p/models',
    { model_id: 'm', target: 't', disable_authentication: true, auth_shadow: true },
  ],
  [['models', 'delete', 'p', 'm'], 'DELETE', '/projects/p/models/m'],
  [
    ['models', 'list', '--project', 'p', '--auth', 'off', '--state', 'running'],
    'GET',
    '/projects/p/models?auth_enabled=false&state=running&page_size=1000',
  ],
  [['settings', 'get'], 'GET', '/settings'],
  [
    ['settings', 'set', '--default-api-key-expiration-days=90', '--stale-after-seconds', '0', '--gateway-url', ''],
    'PATCH',
    '/settings',
    { default_api_key_expiration_days: 90, stale_after_seconds: 0, gateway_url: '' },
  ],
  [
    [
      'audit',
      'list',
      '--actor=ada',
      '--action',
      'user.delete',
      '--target',
      'bob',
      '--project',
      'p',
      '--revision',
      '7',
    ].concat(['--since', '2030-01-31', '--until', '2030-02-01T12:00:00+01:00', '--limit', '5']),
    'GET',
    '/audit_events?actor=ada&action=user.delete&target=bob&project_id=p&revision=7&since=2030-01-31T00%3A00%3A00Z&until=2030-02-01T12%3A00%3A00%2B01%3A00&page_size=5',
  ],
  [['models', 'list', '--search=fr', '--sort=name'], 'GET', '/models?search_filter=fr&sort=name&page_size=1000'],
  [['users', 'rotate-legacy-key', 'bob'], 'POST', '/users/bob/v1_key:rotate', {}],
  [['models', 'get', 'p', 'm'], 'GET', '/projects/p/models/m'],
  [
    ['models', 'update', 'p', 'm', '--name', 'M', '--target', 't', '--auth-shadow', 'true', '--state', 'stopped'],
    'PATCH',
    '/projects/p/models/m',
    { name: 'M', target: 't', auth_shadow: true, state: 'stopped' },
  ],
  [['models', 'regenerate-key', 'p', 'm'], 'POST', '/projects/p/models/m:regenerate_access_key', {}],
  [['models', 'auth', 'on', 'p', 'm'], 'PATCH', '/projects/p/models/m', { auth_enabled: true }],
  [['models', 'auth', 'off', 'p', 'm'], 'PATCH', '/projects/p/models/m', { auth_enabled: false }],
  [['models', 'auth', 'on', '--all'], 'POST', '/models:enable_authentication', {}],
  [['models', 'auth', 'on', '--all', '--project', 'p'], 'POST', '/models:enable_authentication', { project_id: 'p' }],
  [['keys', 'create', '--user', 'bob'], 'POST', '/users/bob/v2_keys', {}],
  [
    [
      'keys',
      'create',
      '--user=bob',
      '--expiry=2030-01-31',
      '--comment=c d',
      '--audience=API',
      '--audience=Application',
    ].concat(['--model=m1', '--model', 'm2']),
    'POST',
    '/users/bob/v2_keys',
    { expiry_date: '2030-01-31', comments: 'c d', audiences: ['API', 'Application'], models: ['m1', 'm2'] },
  ],
  [['keys', 'create', '--application', 'bot'], 'POST', '/applications/bot/v2_keys', {}],
  [
    [
      'keys',
      'list',
      '--application',
      'bot',
      '--expires-before',
      '2030-01-31',
      '--last-used-before=2030-01-01T10:00:00Z',
    ],
    'GET',
    '/applications/bot/v2_keys?expires_before=2030-01-31T00%3A00%3A00Z&last_used_before=2030-01-01T10%3A00%3A00Z&page_size=1000',
  ],
  [['keys', 'rotate', 'k1', '--user', 'bob'], 'POST', '/users/bob/v2_keys/k1:rotate', {}],
  [
    ['keys', 'rotate', 'k1', '--application', 'bot', '--overlap-seconds', '0', '--expiry', '2030-01-31'],
    'POST',
    '/applications/bot/v2_keys/k1:rotate',
    { overlap_seconds: 0, expiry_date: '2030-01-31' },
  ],
  [['keys', 'delete', 'k1', '--application', 'bot'], 'DELETE', '/applications/bot/v2_keys/k1'],
  [['keys', 'delete', '--all', '--application', 'bot'], 'DELETE', '/applications/bot/v2_keys'],
  [['keys', 'delete', 'k1', '--user', 'bob'], 'DELETE', '/users/bob/v2_keys/k1'],
  [['keys', 'delete', '--all', '--user', 'bob'], 'DELETE', '/users/bob/v2_keys'],
  [['backup'], 'POST', '/site:backup'],
  [['accept-clock'], 'POST', '/site:accept_clock'],
  [['export'], 'GET', '/site'],
  [['export', '--access-keys', '-o', 'json'], 'GET', '/site?access_keys=true'],
];

describe('what commands ask of the API', () => {
  let api: FakeApi;
  let reply: Reply;
  before(async () => {
    api = await startFakeApi(() => reply);
  });
  after(() => api.close());
  beforeEach(() => {
    api.asked.length = 0;
    const lists = {
      users: [],
      applications: [],
      models: [],
      api_keys: [],
      audit_events: [],
      teams: [],
      projects: [],
      next_page_token: '',
    };
    reply = { body: { ...lists, steps: [], expiry_date: null, previous_works_until: '2030-01-31T12:00:00Z' } };
  });

  for (const [argv, method, url, body] of all) {
    it(argv.join(' '), async () => {
      const { code, stderr } = await api.run(argv);
      expect(api.asked).to.deep.equal([{ method, url: `/api/v2${url}`, authorization: `Bearer ${legacyKey}`, body }]);
      expect(code, stderr).to.equal(0);
    });
  }

  for (const name of ['', '.', '..']) {
    it(`nothing, where a name would vanish from the path: ${JSON.stringify(name)}`, async () => {
      const { code, stderr } = await api.run(['keys', 'delete', name, '--user', 'bob']);
      expect({ code, stderr }).to.deep.equal({
        code: 2,
        stderr: `modelgate: ${JSON.stringify(name)} is no name or id\n`,
      });
      expect(api.asked).to.deep.equal([]);
    });
  }

  it('the document of apply, from a pipe as from a file, and with --dry-run only its plan', async () => {
    const stdin = 'users:\n  - username: "007"\n';
    await api.run(['apply', '-f', '-', '--dry-run'], { stdin });
    await api.run(['apply', '--file', '-'], { stdin: '{"users": [{"username": "007"}]}' });
    await api.run(['apply', '--file', '-', '--dry-run', '--prune'], { stdin });
    const body = { users: [{ username: '007' }] };
    expect(api.asked.map(({ method, url, body: sent }) => ({ method, url, body: sent }))).to.deep.equal([
      { method: 'POST', url: '/api/v2/site:apply?dry_run=true', body },
      { method: 'POST', url: '/api/v2/site:apply', body },
      { method: 'POST', url: '/api/v2/site:apply?dry_run=true&prune=true', body },
    ]);
  });

  it('keys validate with the API key of standard input alone, and no legacy key', async () => {
    reply = { body: { valid: true, username: 'ada', message: '' } };
    const env = { MODELGATE_KEY_FILE: '' };
    const answer = await api.run(['keys', 'validate', '--audience', 'Application'], { stdin: ' mgk_x \n', env });
    expect(answer).to.deep.equal({ code: 0, stdout: 'valid: ada\n', stderr: '' });
    expect(api.asked).to.deep.equal([
      {
        method: 'POST',
        url: '/api/v2/auth/validate_key',
        authorization: 'Bearer mgk_x',
        body: { audience: 'Application' },
      },
    ]);
  });

  it('B46 keys revoke with the API key of a file or standard input alone, and no legacy key', async () => {
    reply = { body: { revoked: true, key_id: 'k1' }, headers: { 'x-modelgate-revision': '7' } };
    const env = { MODELGATE_KEY_FILE: '' };
    const file = join(dataDirectory(), 'api.key');
    writeFileSync(file, 'mgk_y\n', { mode: 0o600 });
    const revoked = { code: 0, stdout: 'revoked API key k1\n', stderr: 'revision 7\n' };
    expect(await api.run(['keys', 'revoke'], { stdin: ' mgk_x \n', env })).to.deep.equal(revoked);
    expect(await api.run(['keys', 'revoke', '--api-key-file', file], { env })).to.deep.equal(revoked);
    const asked = { method: 'POST', url: '/api/v2/auth/revoke_key', body: {} };
    expect(api.asked).to.deep.equal([
      { ...asked, authorization: 'Bearer mgk_x' },
      { ...asked, authorization: 'Bearer mgk_y' },
    ]);
  });

  it('R04 events of the audit, and where those before them went', async () => {
    const until = '2030-01-31T12:00:00.000Z';
    const details = { entries: 9, up_to_revision: 7, until, file: 'audit-archive/audit-1-9.jsonl' };
    const moved = {
      at: until,
      revision: 8,
      actor: 'a',
      address: '',
      action: 'audit.archive',
      target: 'audit',
      details,
    };
    reply = { body: { audit_events: [moved], next_page_token: '' } };
    const before = await api.run(['audit', 'list', '--search', 'bo']);
    const after = await api.run(['audit', 'list', '--since', '2030-02-01']);
    reply = { body: { audit_events: [], next_page_token: '' } };
    const never = await api.run(['audit', 'list']);
    const archive = '/api/v2/audit_events?action=audit.archive&page_size=1';
    expect(api.asked.map(({ url }) => url)).to.deep.equal([
      '/api/v2/audit_events?search_filter=bo&page_size=100',
      archive,
      '/api/v2/audit_events?since=2030-02-01T00%3A00%3A00Z&page_size=100',
      archive,
      '/api/v2/audit_events?page_size=100',
      archive,
    ]);
    expect([before, after, never].map(({ code, stderr }) => [code, stderr])).to.deep.equal([
      [
        0,
        `entries up to 2030-01-31 12:00Z (revision 7) are in the server's data directory, the last of them in ${details.file}\n`,
      ],
      [0, ''],
      [0, 'no changes\n'],
    ]);
  });

  it('as many events of the audit as --limit says, page after page', async () => {
    const sizes: number[] = [];
    const paged = await startFakeApi(({ url }) => {
      const size = Number(new URL(url, 'http://x').searchParams.get('page_size'));
      sizes.push(size);
      const event = { at: '2030-01-31T12:00:00.000Z', revision: 1, actor: 'a', address: '', action: 'b', target: 'c' };
      const audit_events = Array.from({ length: size }, () => ({ ...event, details: {} }));
      return { body: { audit_events, next_page_token: 'more' } };
    });
    const { stdout } = await paged.run(['audit', 'list', '--limit', '2500']);
    await paged.close();
    expect([sizes, stdout.trim().split('\n').length]).to.deep.equal([[1000, 1000, 500], 2501]);
  });

  it('as many denials as --limit says', async () => {
    const sizes: (string | null)[] = [];
    const paged = await startFakeApi(({ url }) => {
      sizes.push(new URL(url, 'http://x').searchParams.get('page_size'));
      return { body: { denials: [], next_page_token: '' } };
    });
    await paged.run(['denials', '--limit', '7']);
    await paged.run(['denials']);
    await paged.close();
    expect(sizes).to.deep.equal(['7', '1000']);
  });

  it('every page of a list, in one answer', async () => {
    const tokens: (string | null)[] = [];
    const paged = await startFakeApi(({ url }) => {
      const token = new URL(url, 'http://x').searchParams.get('page_token');
      tokens.push(token);
      const at = Number(token ?? 0);
      return { body: { users: [{ username: `u${at}` }], next_page_token: at < 2 ? String(at + 1) : '' } };
    });
    const { stdout } = await paged.run(['users', 'list', '-o', 'json']);
    await paged.close();
    expect(JSON.parse(stdout)).to.deep.equal([{ username: 'u0' }, { username: 'u1' }, { username: 'u2' }]);
    expect(tokens).to.deep.equal([null, '1', '2']);
  });
});
