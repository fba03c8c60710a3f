import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { makeAccessKey } from '../../../src/keys/access-key.ts';
import { withoutKeys } from '../../../src/keys/keys-in-text.ts';
import { makeSecret } from '../../../src/keys/secret.ts';
import { type FakeApi, type Reply, startFakeApi } from '../../support/cli-server.ts';
import { dataDirectory } from '../../support/data-directory.ts';

const explanation = {
  decision: 'deny',
  reason: 'not_authorized',
  status_code: 403,
  shadow_reason: null,
  revision: 7,
  steps: [
    { rule: 'B17', question: 'Is it made for the audience?', met: true, binding: true, rows: [] },
    {
      rule: 'B18',
      question: 'May it?',
      met: false,
      binding: true,
      rows: [
        {
          kind: 'project',
          id: 'p',
          found: true,
          facts: { owner_user: 'ada', visibility: 'private', expires_at: 1_893_456_000_000 },
        },
        { kind: 'collaborator', id: 'p/otto', found: false, facts: {} },
        { kind: 'api_key', id: '', found: false, facts: {} },
      ],
    },
  ],
};

describe('commands for "why was I refused?"', () => {
  let api: FakeApi;
  let reply: Reply;
  before(async () => {
    api = await startFakeApi(() => reply);
  });
  after(() => api.close());

  it('explain: each rule with its answer and rows, and the decision at the end', async () => {
    reply = { body: explanation };
    expect((await api.run(['explain', 'fraud', '--key-id', 'k1'])).stdout).to.equal(
      [
        'yes  B17  Is it made for the audience?',
        'no   B18  May it?',
        '          project p: owner_user=ada visibility=private expires_at=2030-01-01T00:00:00Z',
        '          collaborator p/otto: not there',
        '          api_key: not there',
        '',
        'deny: not_authorized, HTTP 403 (revision 7)',
        '',
      ].join('\n'),
    );
  });

  it('explain -o json: the whole answer', async () => {
    reply = { body: explanation };
    expect(JSON.parse((await api.run(['explain', 'fraud', '-o', 'json'])).stdout)).to.deep.equal(explanation);
  });

  const asked: [argv: string[], stdin: string, body: object][] = [
    [
      ['fraud', '--pin', 'm', '--at', '2030-01-31T12:00:00Z'],
      '',
      { model_id: 'fraud', pin: 'm', at: '2030-01-31T12:00:00Z' },
    ],
    [['--access-key-file', '-', '--key-id', 'k1'], ' access-1\n', { access_key: 'access-1', key_id: 'k1' }],
    [['fraud', '--api-key-file', '-'], 'key-1\n', { model_id: 'fraud', api_key: 'key-1' }],
    [['--request', '-'], '{"path":"/model?accessKey=a"}', { request: { path: '/model?accessKey=a' } }],
    [['--request', '-', '--key-id', 'k1'], '{"headers":{}}', { request: { headers: {} }, key_id: 'k1' }],
  ];
  for (const [argv, stdin, body] of asked) {
    it(`explain ${argv.join(' ')}: asks the API about just that`, async () => {
      reply = { body: explanation };
      await api.run(['explain', ...argv], { stdin });
      expect(api.asked.at(-1)).to.deep.include({ url: '/api/v2/decisions:explain', body });
    });
  }

  it('explain takes both keys from files', async () => {
    const [one, other] = [join(dataDirectory(), 'one.key'), join(dataDirectory(), 'other.key')];
    writeFileSync(one, 'access-1\n', { mode: 0o600 });
    writeFileSync(other, 'key-1\n', { mode: 0o600 });
    await api.run(['explain', '--access-key-file', one, '--api-key-file', other]);
    expect(api.asked.at(-1)?.body).to.deep.equal({ access_key: 'access-1', api_key: 'key-1' });
  });

  const faults: [argv: string[], fault: string][] = [
    [['fraud', '--at', 'noon'], '--at must be an instant in RFC 3339'],
    [[], 'name the call in one way'],
    [['fraud', '--request', '-'], 'name the call in one way'],
    [['fraud', '--key-id', 'k', '--api-key-file', '-'], 'name the API key in one way'],
    [['--request', '-', '--api-key-file', 'f'], 'name the API key in one way'],
    [['--access-key-file', '-', '--api-key-file', '-'], 'only one key can come from standard input'],
    [['--access-key-file', makeAccessKey()], 'never the key itself'],
    [['fraud', '--api-key-file', makeSecret('api_key')], 'never the key itself'],
  ];
  for (const [argv, fault] of faults) {
    it(`explain ${argv.map(withoutKeys).join(' ')}: is a usage error`, async () => {
      const { code, stderr } = await api.run(['explain', ...argv]);
      expect(code).to.equal(2);
      expect(stderr).to.include(fault);
      expect(withoutKeys(stderr)).to.equal(stderr);
    });
  }

  it('T24 explain repeats nothing of a request that is no JSON', async () => {
    const { code, stderr } = await api.run(['explain', '--request', '-'], {
      stdin: '{"headers": {"x-api-key": "secret"',
    });
    expect([code, stderr]).to.deep.equal([1, stderr.replace('secret', '')]);
    expect(stderr).to.include('standard input is no valid JSON');
  });

  it('denials: of a project, searched and oldest first', async () => {
    reply = { body: { denials: [], next_page_token: '' } };
    await api.run(['denials', '--project', 'p', '--search', '10.1', '--sort', 'at', '--reason', 'stale']);
    expect(api.asked.at(-1)?.url).to.equal(
      '/api/v2/denials?search_filter=10.1&sort=at&project_id=p&reason=stale&page_size=1000',
    );
  });

  it('denials: what was refused, with "-" for what is not known', async () => {
    const denial = { at: '2030-01-31T12:00:00Z', request_id: 'r1', reason: 'access_key_unknown', model_id: null };
    reply = { body: { denials: [{ ...denial, key_id: null, caller_address: '10.0.0.1' }], next_page_token: '' } };
    const [head, row] = (await api.run(['denials'])).stdout.split('\n');
    expect(head?.split(/ {2,}/)).to.deep.equal(['TIME', 'REASON', 'MODEL', 'KEY ID', 'CALLER', 'REQUEST ID']);
    expect(row?.split(/ {2,}/)).to.deep.equal(['2030-01-31 12:00Z', 'access_key_unknown', '-', '-', '10.0.0.1', 'r1']);
  });

  it('models shadow: whom authentication would refuse, of how many calls, or that nothing is counted (B45)', async () => {
    const caller = { reason: 'api_key_missing', principal: null, key_id: null, address: '10.0.0.1', count: 3 };
    const counted = { counting: true, auth_enabled: false, since: '2030-01-30T12:00:00Z', calls: 5, refused_calls: 3 };
    reply = {
      body: { ...counted, shadow_denials: [{ ...caller, last_at: '2030-01-31T12:00:00Z' }], next_page_token: '' },
    };
    const { stdout } = await api.run(['models', 'shadow', 'p', 'm']);
    expect(stdout.split('\n')[1]?.split(/ {2,}/)).to.deep.equal([
      '10.0.0.1',
      '-',
      'api_key_missing',
      '3',
      '2030-01-31 12:00Z',
    ]);
    const said = async (fields: object) => {
      reply = { body: { ...counted, ...fields, shadow_denials: [], next_page_token: '' } };
      return (await api.run(['models', 'shadow', 'p', 'm'])).stderr;
    };
    expect(await said({ calls: 7, refused_calls: 0 })).to.equal(
      'counted since 2030-01-30 12:00Z: 7 calls, 0 would be refused\n',
    );
    const never = { counting: false, since: null, calls: 0, refused_calls: 0 };
    expect(await said(never)).to.match(/^not counting: shadow is off[^\n]*\n$/);
    expect(await said({ ...never, auth_enabled: true })).to.equal('not counting: authentication is on, and refuses\n');
    const { stdout: json } = await api.run(['models', 'shadow', 'p', 'm', '-o', 'json']);
    expect(JSON.parse(json)).to.deep.equal({ ...never, auth_enabled: true, shadow_denials: [] });
  });
});
