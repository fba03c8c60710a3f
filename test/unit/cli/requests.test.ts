import { expect } from 'chai';
import { type FakeApi, legacyKey, type Reply, startFakeApi } from '../../support/cli-server.ts';

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
  [['keys', 'delete', 'k1', '--user', 'bob'], 'DELETE', '/users/bob/v2_keys/k1'],
  [['keys', 'delete', '--all', '--user', 'bob'], 'DELETE', '/users/bob/v2_keys'],
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
    reply = { body: { steps: [], expiry_date: null } };
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
    const body = { users: [{ username: '007' }] };
    expect(api.asked.map(({ method, url, body: sent }) => ({ method, url, body: sent }))).to.deep.equal([
      { method: 'POST', url: '/api/v2/site:apply?dry_run=true', body },
      { method: 'POST', url: '/api/v2/site:apply', body },
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
