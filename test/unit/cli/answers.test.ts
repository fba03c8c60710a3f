import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { cli } from '../../support/cli.ts';
import { type FakeApi, type Reply, startFakeApi } from '../../support/cli-server.ts';
import { dataDirectory } from '../../support/data-directory.ts';

describe('what commands make of an answer', () => {
  let api: FakeApi;
  let reply: Reply;
  before(async () => {
    api = await startFakeApi(() => reply);
  });
  after(() => api.close());

  it('a new API key alone on standard output; its Key ID, expiry and revision on standard error', async () => {
    const body = { api_key: `mgk_${'x'.repeat(49)}`, key_id: 'k1', expiry_date: '2030-01-31T23:59:59.999Z' };
    reply = { status: 201, body, headers: { 'x-modelgate-revision': '12' } };
    expect(await api.run(['keys', 'create', '--user', 'ada'])).to.deep.equal({
      code: 0,
      stdout: `${body.api_key}\n`,
      stderr: 'revision 12\nKey ID k1, expires 2030-01-31 23:59Z; the secret is shown this once\n',
    });
  });

  it('B43 a successor alone on standard output; what it replaces, and until when, on standard error', async () => {
    const body = {
      api_key: `mgk_${'x'.repeat(49)}`,
      key_id: 'k2',
      expiry_date: '2030-01-31T23:59:59.999Z',
      previous_works_until: '2029-06-01T10:00:00.000Z',
    };
    reply = { status: 201, body };
    expect(await api.run(['keys', 'rotate', 'k1', '--user', 'ada'])).to.deep.equal({
      code: 0,
      stdout: `${body.api_key}\n`,
      stderr: 'Key ID k2, expires 2030-01-31 23:59Z, replaces k1, which works until 2029-06-01 10:00Z\n',
    });
    const { stderr } = await api.run(['keys', 'rotate', 'k1', '--user', 'ada', '--overlap-seconds', '0']);
    expect(stderr).to.include('replaces k1, which is ended\n');
  });

  it('a name that a shell would read otherwise: quoted in the command that comes next', async () => {
    reply = { status: 201, body: { username: 'CORP\\jane', name: "jane's" } };
    expect((await api.run(['users', 'create', 'CORP\\jane'])).stderr).to.include("rotate-legacy-key 'CORP\\jane'\n");
    expect((await api.run(['applications', 'create', "jane's"])).stderr).to.include(`--application 'jane'\\''s'\n`);
  });

  it('a list that was narrowed to nothing: that it was', async () => {
    reply = { body: { users: [], applications: [], api_keys: [], next_page_token: '' } };
    expect((await api.run(['users', 'list', '--search', 'x'])).stderr).to.equal('no such users\n');
    expect((await api.run(['keys', 'list', '--user', 'ada', '--expired'])).stderr).to.equal(
      'ada has no such API keys\n',
    );
    expect((await api.run(['applications', 'list'])).stderr).to.equal('no applications\n');
  });

  it('a legacy key that is refused: which setting and file to change, in words of the command line', async () => {
    reply = {
      status: 401,
      body: { code: 16, message: 'send a valid legacy key as Authorization: Bearer KEY', details: [] },
    };
    for (const argv of [
      ['users', 'list'],
      ['apply', '-f', '-'],
      ['keys', 'delete', 'k', '--user', 'ada'],
    ]) {
      const { code, stderr } = await api.run(argv, { stdin: 'users: []' });
      expect(code).to.equal(1);
      expect(stderr).to.include(
        `${api.url} refuses the legacy key of MODELGATE_KEY_FILE: ${api.keyFile}: put a valid one`,
      );
      expect(stderr).to.not.include('Authorization');
    }
    expect((await api.run(['users', 'list', '--key-file', api.keyFile])).stderr).to.include('of --key-file: ');
  });

  it('an API key that is refused: the message of the server', async () => {
    reply = { status: 401, body: { code: 16, message: 'the API key is unknown', details: [] } };
    expect(await api.run(['keys', 'revoke'], { stdin: 'mgk_x' })).to.deep.equal({
      code: 1,
      stdout: '',
      stderr: 'modelgate: the API key is unknown\n',
    });
  });

  it('a secret that can not be written: exit code 1, and how to be rid of it', async () => {
    reply = { status: 201, body: { api_key: 'mgk_x', key_id: 'k1', expiry_date: null } };
    const stdoutFault = Object.assign(new Error('closed'), { code: 'EPIPE' });
    const { code, stderr } = await api.run(['keys', 'create', '--user', 'ada'], { stdoutFault });
    expect(code).to.equal(1);
    expect(stderr).to.include('the secret is lost; delete it with: modelgate keys delete k1 --user ada');
  });

  it('a refusal: the message of the server, the faults of its fields beneath', async () => {
    const details = [
      { field: 'name', description: 'is too long' },
      { field: '', description: 'is odd' },
    ];
    reply = { status: 400, body: { code: 3, message: 'no', details } };
    expect(await api.run(['users', 'get', 'ada'])).to.deep.equal({
      code: 1,
      stdout: '',
      stderr: 'modelgate: no\n  name: is too long\n  the request: is odd\n',
    });
  });

  it('a refusal whose message only repeats the faults: each of them once', async () => {
    const details = [{ field: 'a', description: 'b' }];
    reply = { status: 400, body: { code: 3, message: 'a: b', details } };
    expect((await api.run(['users', 'get', 'ada'])).stderr).to.equal('modelgate: a: b\n');
  });

  it('a refused document: each fault on its line, with the line of the file', async () => {
    const fields = ['users.1.username', 'projects.p.owner', 'projects.0.models.0', 'nowhere.at.all'];
    reply = {
      status: 400,
      body: { code: 3, message: 'no', details: fields.map(field => ({ field, description: 'bad' })) },
    };
    const file = join(dataDirectory(), 'site.yaml');
    writeFileSync(
      file,
      'users:\n  - username: a\n  - username: "b c"\nprojects:\n  - project_id: p\n    models:\n      - {x: 1}\n',
    );
    const { code, stderr } = await api.run(['apply', '-f', file]);
    expect(code).to.equal(1);
    expect(stderr.split('\n')).to.deep.equal([
      `modelgate: ${file} is refused; nothing was changed`,
      `  ${file}:3: users.1.username: bad`,
      `  ${file}:5: projects.p.owner: bad`,
      `  ${file}:7: projects.0.models.0: bad`,
      `  ${file}:1: nowhere.at.all: bad`,
      '',
    ]);
  });

  it('a plan: its steps as a table, or "nothing to change"', async () => {
    const steps = [{ action: 'create', kind: 'user', id: 'ada' }];
    reply = { body: { dry_run: true, steps } };
    expect(await api.run(['apply', '-f', '-'], { stdin: 'users: []' })).to.deep.equal({
      code: 0,
      stdout: 'ACTION  KIND  ID   OPENS  CHANGES\ncreate  user  ada  -      -\n',
      stderr: 'dry run: nothing was changed\n',
    });
    reply = { body: { dry_run: false, steps: [] } };
    expect((await api.run(['apply', '-f', '-'], { stdin: 'users: []' })).stdout).to.equal('nothing to change\n');
  });

  it('B30 T53 a plan: what is skipped, and why', async () => {
    const steps = [{ action: 'skip', kind: 'api_key', id: 'leaked', reason: 'was deleted' }];
    reply = { body: { dry_run: false, steps } };
    expect(await api.run(['apply', '-f', '-'], { stdin: 'users: []' })).to.deep.equal({
      code: 0,
      stdout: 'ACTION  KIND     ID      OPENS  CHANGES\nskip    api_key  leaked  -      was deleted\n',
      stderr: 'skipped 1 that the document asks for: see above why\n',
    });
  });

  it('readiness: exit code 1 with the component that is at fault, needing no key', async () => {
    const components = { store: { ok: true, detail: 'answers' }, snapshot: { ok: false, detail: 'none yet' } };
    reply = { status: 503, body: { ready: false, components } };
    expect(await cli(['status', '--server', api.url])).to.deep.equal({
      code: 1,
      stdout: `server  ${api.url}\nready   no\n\nCOMPONENT  OK   DETAIL\nstore      yes  answers\nsnapshot   no   none yet\n`,
      stderr: `modelgate: ${api.url} is not ready\n`,
    });
  });

  it('another server than ours: exit code 1, and the setting to look at', async () => {
    for (const other of [
      { status: 200, body: '<html>' },
      { status: 502, body: 'bad gateway' },
      { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
    ]) {
      reply = other;
      for (const argv of [['status'], ['users', 'list']]) {
        const { code, stderr } = await api.run(argv);
        expect(code).to.equal(1);
        expect(stderr).to.equal(
          `modelgate: ${api.url} answered ${other.status}, but not as Modelgate's admin API does: see --server (MODELGATE_SERVER)\n`,
        );
      }
    }
  });

  it('lists: cut to the terminal, an empty one as a note on standard error', async () => {
    const user = {
      username: 'ada',
      name: 'A very long name',
      email: 'ada@a.very.long.example.org',
      last_used_at: null,
    };
    reply = { body: { users: [user], next_page_token: '' } };
    const { stdout } = await api.run(['users', 'list'], { columns: 90 });
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).to.be.at.most(90);
    reply = { body: { users: [], next_page_token: '' } };
    expect(await api.run(['users', 'list'])).to.deep.equal({ code: 0, stdout: '', stderr: 'no users\n' });
  });

  it('API keys: which have expired, were ended, or outlive what a new one may (B31)', async () => {
    const key = { audiences: ['API'], models: null, expiry_date: null, ended_at: null, last_used_at: null };
    const states = [
      {},
      { exceeds_default_expiration: true },
      { expired: true },
      { expired: true, ended_at: 'then' },
      { expires_within_days: 7 },
    ];
    const keys = states.map((state, at) => ({
      ...key,
      key_id: `k${at}`,
      comments: '',
      last_used_model: null,
      expires_within_days: null,
      replaces: null,
      replaced_by: null,
      ...state,
    }));
    reply = { body: { api_keys: keys, next_page_token: '' } };
    const { stdout } = await api.run(['keys', 'list', '--user', 'ada']);
    const shown = stdout
      .split('\n')
      .slice(1, -1)
      .map(line => line.split(/ {2,}/).slice(0, 3).join(' | '));
    expect(shown).to.deep.equal([
      'k0 | active | never',
      'k1 | active, beyond limit | never',
      'k2 | expired | never',
      'k3 | ended | never',
      'k4 | active, ends in 7 days or less | never',
    ]);
  });

  it('the audit and one thing: times and owners in words, not as JSON', async () => {
    const at = '2030-01-01T00:00:00.000Z';
    const event = { id: 1, revision: 7, at, actor: 'ada', address: '', action: 'api_key.create', target: 'k1' };
    const details = { expires_at: 1_893_456_000_000, models: ['fraud', 'churn'], previous: { expires_at: null } };
    reply = { body: { audit_events: [{ ...event, details }], next_page_token: '' } };
    expect((await api.run(['audit', 'list'])).stdout).to.include(
      'expires_at: none -> 2030-01-01T00:00:00Z; models: fraud, churn\n',
    );
    reply = { body: { project_id: 'p', owner: { team: 'risk' }, permission: null } };
    expect((await api.run(['projects', 'get', 'p'])).stdout).to.equal(
      'project_id  p\nowner       team risk\npermission  -\n',
    );
  });

  it('a name that would steer the terminal is escaped in JSON, too, and reads back the same', async () => {
    const name = 'a\u009b2Jb\u202ec';
    reply = { body: { username: 'ada', name } };
    const { stdout } = await api.run(['users', 'get', 'ada', '-o', 'json']);
    expect(stdout).to.match(/^[\x20-\x7e\n]+$/);
    expect(JSON.parse(stdout)).to.deep.equal({ username: 'ada', name });
  });
});

describe('keys and servers', () => {
  const secret = `mgl_${'s'.repeat(49)}`;
  const file = () => join(dataDirectory(), 'a.key');

  it('a server that is not there: exit code 1, its URL and the setting to change', async () => {
    const api = await startFakeApi(() => ({}));
    await api.close();
    const { code, stderr } = await api.run(['users', 'list']);
    expect({ code, stderr }).to.deep.equal({
      code: 1,
      stderr: `modelgate: ${api.url} can't be reached (nobody listens there): start \`modelgate serve\` there, or name another server with --server (MODELGATE_SERVER)\n`,
    });
  });

  it('a key file that others may read is used with a warning', async () => {
    const api = await startFakeApi(() => ({ body: { users: [], next_page_token: '' } }));
    chmodSync(api.keyFile, 0o640);
    const { code, stderr } = await api.run(['users', 'list']);
    await api.close();
    expect({ code, stderr }).to.deep.equal({
      code: 0,
      stderr: `warning: others may read ${api.keyFile}: chmod 600 it\nno users\n`,
    });
  });

  it('a key file that is not there, is a folder, is empty or holds no key', async () => {
    const name = file();
    const missing = await cli(['users', 'list', '--key-file', name]);
    const folder = await cli(['users', 'list'], { env: { MODELGATE_KEY_FILE: '/' } });
    writeFileSync(name, ' \n');
    const empty = await cli(['users', 'list', '--key-file', name]);
    writeFileSync(name, 'two words', { mode: 0o600 });
    const words = await cli(['users', 'list', '--key-file', name]);
    expect([missing, folder, empty, words].map(({ code }) => code)).to.deep.equal([1, 1, 1, 1]);
    expect(missing.stderr).to.equal(`modelgate: --key-file: ${name} can't be read: there is no such file\n`);
    expect(folder.stderr).to.equal("modelgate: MODELGATE_KEY_FILE: / can't be read: it is a folder\n");
    expect(empty.stderr).to.include(`${name} holds nothing\n`);
    expect(words.stderr)
      .to.include(`${name} holds no key, which is one word of printable ASCII\n`)
      .and.not.include('two');
  });

  it('a secret given where it does not belong is never repeated', async () => {
    for (const argv of [
      ['users', 'list', '--key-file', secret],
      ['keys', 'validate', '--api-key-file', secret],
      ['keys', 'validate', secret],
      ['keys', 'revoke', '--api-key-file', secret],
      ['keys', 'revoke', secret],
      [secret],
      ['apply', '-f', secret],
      ['serve', '--log-level', secret],
      ['status', '--server', `http://${secret}`],
    ]) {
      const { stdout, stderr } = await cli(argv);
      expect(stderr, argv.join(' ')).to.not.be.equal('');
      expect(stdout + stderr, argv.join(' ')).to.not.include('s'.repeat(8));
    }
  });
});
