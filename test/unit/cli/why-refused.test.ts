import { expect } from 'chai';
import { type FakeApi, type Reply, startFakeApi } from '../../support/cli-server.ts';

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
        { kind: 'project', id: 'p', found: true, facts: { owner_user: 'ada', visibility: 'private' } },
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
        '          project p: owner_user="ada" visibility="private"',
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

  it('explain: an instant that is none is a usage error', async () => {
    const { code, stderr } = await api.run(['explain', 'fraud', '--at', 'noon']);
    expect(code).to.equal(2);
    expect(stderr).to.include('--at must be an instant in RFC 3339');
  });

  it('denials: what was refused, with "-" for what is not known', async () => {
    const denial = { at: '2030-01-31T12:00:00Z', request_id: 'r1', reason: 'access_key_unknown', model_id: null };
    reply = { body: { denials: [{ ...denial, key_id: null, caller_address: '10.0.0.1' }], next_page_token: '' } };
    const [head, row] = (await api.run(['denials'])).stdout.split('\n');
    expect(head?.split(/ {2,}/)).to.deep.equal(['TIME', 'REASON', 'MODEL', 'KEY ID', 'CALLER', 'REQUEST ID']);
    expect(row?.split(/ {2,}/)).to.deep.equal(['2030-01-31 12:00Z', 'access_key_unknown', '-', '-', '10.0.0.1', 'r1']);
  });

  it('models shadow: whom authentication would refuse, or that it is nobody', async () => {
    const caller = { reason: 'api_key_missing', principal: null, key_id: null, address: '10.0.0.1', count: 3 };
    reply = { body: { shadow_denials: [{ ...caller, last_at: '2030-01-31T12:00:00Z' }], next_page_token: '' } };
    const { stdout } = await api.run(['models', 'shadow', 'p', 'm']);
    expect(stdout.split('\n')[1]?.split(/ {2,}/)).to.deep.equal([
      '10.0.0.1',
      '-',
      'api_key_missing',
      '3',
      '2030-01-31 12:00Z',
    ]);
    reply = { body: { shadow_denials: [], next_page_token: '' } };
    expect((await api.run(['models', 'shadow', 'p', 'm'])).stderr).to.equal('nobody: every caller may call it\n');
  });
});
