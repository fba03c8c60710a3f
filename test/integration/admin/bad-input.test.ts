import { expect } from 'chai';
import { digestOf } from '../../../src/keys/digest.ts';
import { makeApiDocument } from '../../support/api-document.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { type WrongRequest, wrongRequests } from '../../support/wrong-inputs.ts';

const known = {
  username: 'ada',
  owner: 'ada',
  name: 'robot',
  team: 'crew',
  project_id: 'p',
  model_id: 'fraud',
  key_id: 'key-of-ada',
};
const site = {
  users: [{ username: 'ada' }],
  applications: [{ name: 'robot', owner: 'ada' }],
  teams: [{ team: 'crew', members: [] }],
  projects: [{ project_id: 'p', owner: { username: 'ada' }, models: [{ model_id: 'fraud' }] }],
  api_keys: [{ key_id: 'key-of-ada', username: 'ada', digest: digestOf('key-of-ada') }],
};
/** Words of programs, not of people. */
const jargon =
  /expected|received|undefined|\bNaN\b|invalid|\bzod\b|unrecognized|regex|pattern|union|\bnull\b.*\bnull\b/i;

describe('T28 T30 a field that is wrong is named, with what would be right', () => {
  let server: TestServer;
  let requests: readonly WrongRequest[];
  before(async () => {
    server = await startServer();
    expect((await server.admin.post('/api/v2/site:apply', site)).status).to.equal(200);
    requests = wrongRequests(await makeApiDocument(), known);
  });
  after(() => server.close());

  it('in every field of every operation, and where there is no such field', async () => {
    const faults: string[] = [];
    for (const { method, url, body, field, what } of requests) {
      const answer = await server.admin.send(method, url, body);
      const details: { field: string; description: string }[] = answer.body.details ?? [];
      const told = details.find(each => each.field === field);
      if (answer.status !== 400 || !told || jargon.test(told.description)) {
        faults.push(
          `${what}: ${answer.status} ${JSON.stringify(details.length > 0 ? details : answer.body).slice(0, 300)}`,
        );
      }
    }
    expect(requests.length).to.be.greaterThan(500);
    expect(faults.join('\n')).to.equal('');
  }).timeout(120_000);
});
