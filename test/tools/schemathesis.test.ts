import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { digestOf } from '../../src/keys/digest.ts';
import { modelCall } from '../support/check-client.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { findTool, type Tool } from './find-tool.ts';

const version = '4.32.5';
const venv = `.tools/schemathesis-${version}`;
const howToGet = `python3 -m venv ${venv} && ${venv}/bin/pip install schemathesis==${version}`;
const project = new URL('../../../', import.meta.url);
const programs = fileURLToPath(new URL(`${venv}/bin`, project));
const hooks = fileURLToPath(new URL('test/tools/schemathesis-hooks.py', project));

/** All plays together take about two minutes on a quiet machine of two processors; in milliseconds. */
const mostMs = 600_000;

const requestsWanted = 20_000;
/** Of the plays that make up requests, one after another in each operation. */
const seeds = [2, 3];
/** Requests of each operation in such a play. */
const examples = 130;

interface Player {
  readonly seed: number;
  readonly isAnonymous?: boolean;
}

/** Something of every kind, so that operations find what they are about. */
const site = {
  settings: { default_api_key_expiration_days: 365, stale_after_seconds: 0, gateway_url: '' },
  users: ['ada', 'ben', 'otto'].map(username => ({ username, deactivated: false })),
  applications: [{ name: 'robot', owner: 'ada', deactivated: false }],
  teams: [{ team: 'crew', members: [{ username: 'ada', permission: 'admin' }] }],
  projects: [
    {
      project_id: 'p',
      owner: { username: 'ada' },
      collaborators: [
        { username: 'ada', permission: 'admin' },
        { username: 'ben', permission: 'read' },
      ],
      team_collaborators: [{ team: 'crew', mode: 'inherit' }],
      models: [{ model_id: 'fraud', auth_shadow: true }, { model_id: 'idle' }],
    },
  ],
  api_keys: [
    { key_id: 'key-of-ada', username: 'ada', digest: digestOf('key-of-ada') },
    { key_id: 'key-of-robot', username: 'robot', digest: digestOf('key-of-robot') },
  ],
};

/**
 * Everything that schemathesis can hold an answer against, but: a method that a path does not have is answered
 * with 404 here; that a bad request is refused for its size alone, with 413, and that good ones may be refused (names of things that are not there) are no faults; and whether an
 * API key is valid is a question that has an answer, 200, for any key.
 */
const config = `
[checks]
unsupported_method.enabled = false
allow_header_conformance.enabled = false
positive_data_acceptance.enabled = false
negative_data_rejection.expected-statuses = [400, 401, 403, 404, 409, 413, 415, 429]

[[operations]]
include-path = "/api/v2/auth/validate_key"
checks.ignored_auth.enabled = false
`;

describe('T28 schemathesis finds every answer as the document says, whatever it sends', () => {
  let schemathesis: Tool;
  let server: TestServer;
  before(async () => {
    schemathesis = findTool('schemathesis', howToGet, programs);
    server = await startServer();
    expect((await server.admin.post('/api/v2/site:apply', site)).status).to.equal(200);
  });
  after(() => server.close());

  /** Plays with the whole API; answers what it said. */
  async function play({ seed, isAnonymous = false }: Player, flags: readonly string[]): Promise<string> {
    const { url, key } = server.admin;
    const cwd = dataDirectory();
    writeFileSync(join(cwd, 'schemathesis.toml'), config);
    const credential = isAnonymous ? [] : ['--header', `Authorization: Bearer ${key}`];
    const said = ['--no-color', '--seed', String(seed), '--continue-on-failure', '--warnings', 'off'];
    const { output } = await schemathesis(['run', `${url}/api/v2/openapi.json`, ...credential, ...said, ...flags], {
      cwd,
      env: {
        SCHEMATHESIS_HOOKS: hooks,
        MODELGATE_TEST_SITE: JSON.stringify(site),
        MODELGATE_TEST_URL: url,
        MODELGATE_TEST_KEY: key,
        MODELGATE_TEST_ANONYMOUS: String(isAnonymous),
      },
    });
    return output.replaceAll(key, 'KEY');
  }

  const playedWell = /No issues found/;
  /** Requests that a play was made of. */
  const countOf = (said: string) => Number(/(\d+) generated/.exec(said)?.[1] ?? 0);

  it(`sent by a site admin and by nobody, who gets nothing: ${requestsWanted} requests in all`, async () => {
    const bare = ['--mode', 'positive', '--generation-with-security-parameters', 'false'];
    // Several at once: a player is slower than what it plays with, and uses one processor.
    const plays = await Promise.all([
      play({ seed: 1 }, ['--phases', 'coverage']),
      ...seeds.map(seed => play({ seed }, ['--phases', 'fuzzing', '--max-examples', String(examples)])),
      play({ seed: 1, isAnonymous: true }, ['--phases', 'fuzzing', '--max-examples', '5', ...bare]),
    ]);
    for (const said of plays) {
      expect(said, said).to.match(playedWell);
    }
    const counts = plays.map(countOf);
    console.log(`      ${counts.join(' + ')} requests`);
    expect(counts.reduce((sum, count) => sum + count)).to.be.at.least(requestsWanted);
  }).timeout(mostMs);

  it('and leaves the server ready, its admin in, and checks answered', async () => {
    expect((await server.admin.get('/readyz')).status).to.equal(200);
    expect((await server.admin.post('/api/v2/site:apply', site)).status).to.equal(200);
    const { body } = await server.admin.get('/api/v2/projects/p/models/fraud');
    const { deniedResponse } = await server.checks.check(modelCall({ accessKey: body.access_key }));
    expect(deniedResponse?.status?.code).to.equal(body.auth_enabled ? 401 : undefined);
  });
});
