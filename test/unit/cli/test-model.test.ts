import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { makeSecret } from '../../../src/keys/secret.ts';
import { type FakeApi, type Reply, startFakeApi } from '../../support/cli-server.ts';
import { dataDirectory } from '../../support/data-directory.ts';

const step = { rule: 'B18', question: 'May it?', met: true, binding: true, rows: [] };
const answered = {
  via: 'gateway',
  status_code: 200,
  replica_id: 'fraud-1',
  reason: 'authorized',
  message: 'The model answered',
  body: '{"a":\n\u001b[31m1}',
  body_truncated: true,
  duration_ms: 12.5,
  explanation: { decision: 'allow', steps: [step] },
};

describe('models test', () => {
  let api: FakeApi;
  let reply: Reply;
  before(async () => {
    api = await startFakeApi(() => reply);
  });
  after(() => api.close());
  beforeEach(() => {
    reply = { body: answered };
  });

  it('B36 shows status, replica, time, reason, body and decision, and lets no answer steer the terminal', async () => {
    const { code, stdout } = await api.run(['models', 'test', 'p', 'm']);
    expect(code).to.equal(0);
    expect(stdout.split('\n')).to.deep.equal([
      'status    200',
      'replica   fraud-1',
      'took      12.5 ms',
      'reason    authorized',
      'message   The model answered',
      '',
      '{"a":',
      '\ufffd[31m1}',
      '…',
      '',
      'yes  B18  May it?',
      '',
    ]);
    expect(api.asked.at(-1)).to.deep.include({ url: '/api/v2/projects/p/models/m:test', body: {} });
  });

  it('takes the API key and the request from files or standard input', async () => {
    const [key, request] = [join(dataDirectory(), 'api.key'), join(dataDirectory(), 'request.json')];
    writeFileSync(key, 'key-1\n', { mode: 0o600 });
    writeFileSync(request, '{"dob":"19 - 22"}');
    await api.run(['models', 'test', 'p', 'm', '--api-key-file', key, '--request', request]);
    expect(api.asked.at(-1)?.body).to.deep.equal({ api_key: 'key-1', request: { dob: '19 - 22' } });
    await api.run(['models', 'test', 'p', 'm', '--api-key-file', '-'], { stdin: ' key-2\n' });
    expect(api.asked.at(-1)?.body).to.deep.equal({ api_key: 'key-2' });
    await api.run(['models', 'test', 'p', 'm', '--request', '-'], { stdin: '[1]' });
    expect(api.asked.at(-1)?.body).to.deep.equal({ request: [1] });
  });

  const refused: [name: string, answer: object][] = [
    ['refused by the gateway', { status_code: 403 }],
    ['a model that fails', { status_code: 500 }],
    ['no answer', { status_code: null }],
    ['let through against the decision', { explanation: { decision: 'deny', steps: [step] } }],
    ['refused by the decision', { via: 'decision', status_code: 403, explanation: { decision: 'deny', steps: [] } }],
  ];
  for (const [name, answer] of refused) {
    it(`ends with 1 and the reason: ${name}`, async () => {
      reply = { body: { ...answered, ...answer, message: 'no' } };
      const { code, stdout, stderr } = await api.run(['models', 'test', 'p', 'm']);
      expect([code, stderr]).to.deep.equal([1, 'modelgate: the test failed: no\n']);
      expect(stdout).to.include('reason    authorized');
    });
  }

  it('says so where no call was made, and ends with 0 where it would be let through', async () => {
    reply = { body: { ...answered, via: 'decision', status_code: null, replica_id: null, body: null } };
    const { code, stdout } = await api.run(['models', 'test', 'p', 'm']);
    expect(code).to.equal(0);
    expect(stdout).to.match(/^decision {2}allow \(no gateway is configured: no call was made\)\n/);
  });

  it('-o json: the whole answer', async () => {
    expect(JSON.parse((await api.run(['models', 'test', 'p', 'm', '-o', 'json'])).stdout)).to.deep.equal(answered);
  });

  it('T24 takes no key as an argument, and only one thing from standard input', async () => {
    const given = await api.run(['models', 'test', 'p', 'm', '--api-key-file', makeSecret('api_key')]);
    expect([given.code, given.stderr.includes('never the key itself')]).to.deep.equal([2, true]);
    const twice = await api.run(['models', 'test', 'p', 'm', '--api-key-file', '-', '--request', '-']);
    expect(twice.code).to.equal(2);
    const odd = await api.run(['models', 'test', 'p', 'm', '--request', '-'], { stdin: '{"secret' });
    expect([odd.code, odd.stderr]).to.deep.equal([
      1,
      'modelgate: --request: standard input is no valid JSON; it must be such as {"dob": "19 - 22"}\n',
    ]);
  });
});
