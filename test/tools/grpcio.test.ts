import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { CheckRequest } from '../../src/check/wire/generated/envoy/service/auth/v3/CheckRequest.ts';
import { encodeCheck } from '../property/judge.ts';
import { makeAuthority, writePems } from '../support/certificates.ts';
import { modelCall } from '../support/check-client.ts';
import { type CheckTransport, checkTransports } from '../support/check-service.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { serveAgain, startServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';
import { findTool, type Tool } from './find-tool.ts';

const version = '1.85.1';
const venv = `.tools/grpcio-${version}`;
const howToGet = `python3 -m venv ${venv} && ${venv}/bin/pip install grpcio==${version} grpcio-tools==${version}`;
const project = new URL('../../../', import.meta.url);
const script = fileURLToPath(new URL('test/tools/grpcio-client.py', project));
const { resolve } = createRequire(import.meta.url);
const protos = [
  fileURLToPath(new URL('proto', project)),
  join(dirname(resolve('grpc-health-check/package.json')), 'proto'),
  join(dirname(resolve('@grpc/reflection/package.json')), 'build/proto'),
];

const checksCount = 300;
const bodyBytesMax = 1024 * 1024;
/** Beyond a body and all that may stand around it. */
const tooLongBytes = 2 * bodyBytesMax;

/** What it would say of lost connections and the like. */
const env = { GRPC_VERBOSITY: 'NONE' };

interface Answers {
  readonly one_by_one: string[];
  readonly at_once: string[];
  readonly deadlines: string[];
  readonly cancelled: string;
  readonly metadata: { readonly taken: string[]; readonly refused: string; readonly after: string };
  readonly others: { readonly packed: string; readonly unknown: string; readonly too_long: string };
  readonly health: string[];
  readonly reflection: (string | number)[][];
}

/** Where a client finds the server, and what it shows. */
interface Way {
  readonly over: string;
  readonly flags: Readonly<Record<string, string>>;
  readonly tls?: Readonly<Record<string, string>>;
  readonly target: (server: TestServer) => string;
}

const authority = makeAuthority('ca');
const pems = { ...writePems(authority.issue('modelgate')), ...writePems({ ca: authority.cert }) };
const shown = { ca: pems.ca, ...writePems(authority.issue('client')) };
const socket = join(dataDirectory(), 'check.sock');
const byPort = ({ checkPort }: TestServer) => `127.0.0.1:${checkPort}`;
const ways: readonly Way[] = [
  { over: 'TCP', flags: {}, target: byPort },
  { over: 'a Unix socket', flags: { 'check-listen': `unix:${socket}` }, target: () => `unix:${socket}` },
  {
    over: 'TLS with a client certificate',
    flags: { 'check-tls-cert': pems.cert, 'check-tls-key': pems.key, 'check-tls-client-ca': pems.ca },
    tls: shown,
    target: byPort,
  },
];

/** Calls that are let in, refused or no calls at all, with bodies up to the limit. */
function checksOf(accessKey: string, apiKey: string): Buffer[] {
  const fill = (bytes: number) => JSON.stringify({ request: 'x'.repeat(bytes), accessKey });
  const calls: CheckRequest[] = [
    modelCall({ accessKey, bearer: apiKey }),
    modelCall({ accessKey }),
    modelCall({ accessKey: 'none', bearer: apiKey }),
    modelCall({ path: `/model?accessKey=${accessKey}`, bearer: apiKey }),
    modelCall({ accessKey, bearer: 'none', headers: { 'x-request-id': 'r'.repeat(200) } }),
    {},
  ];
  const sized = [100, 16_000, 17_000, 70_000, bodyBytesMax - 200].map(bytes =>
    modelCall({ body: fill(bytes), bearer: apiKey }),
  );
  const kinds = [...calls, ...sized].map(encodeCheck);
  return Array.from({ length: checksCount }, (_, n) =>
    n % 25 === 0 ? Buffer.alloc(n, 0xff) : (kinds[(n * n) % kinds.length] as Buffer),
  );
}

describe("T14 the C core of gRPC, by Python's grpcio", function () {
  this.timeout(180_000);
  let python: Tool;
  let data: string;
  let site: { readonly key: string };
  let checks: Buffer[];

  before(async () => {
    python = findTool('python', howToGet, fileURLToPath(new URL(`${venv}/bin`, project)));
    data = dataDirectory();
    const server = await startServer({ data });
    await server.admin.post('/api/v2/site:apply', {
      projects: [{ project_id: 'risk', owner: { username: 'root' }, models: [{ model_id: 'fraud' }] }],
    });
    const { access_key } = (await server.admin.get('/api/v2/projects/risk/models/fraud')).body;
    const { api_key } = (await server.admin.post('/api/v2/users/root/v2_keys', {})).body;
    site = server.admin;
    checks = checksOf(access_key, api_key);
    await server.close();
  });

  const serveOver = (transport: CheckTransport, { flags }: Way, more: Readonly<Record<string, string>> = {}) =>
    serveAgain(data, site, {
      flags: { 'check-transport': transport, 'body-bytes-max': String(bodyBytesMax), ...flags, ...more },
    });
  const asked = (server: TestServer, { target, tls }: Way, more: object) =>
    JSON.stringify({ target: target(server), tls, protos, checks: [], ...more });

  /** All that the client asks, answered over one transport. */
  async function answersOver(transport: CheckTransport, way: Way): Promise<Answers> {
    const server = await serveOver(transport, way, { reflection: 'true' });
    const stdin = asked(server, way, { checks: checks.map(each => each.toString('hex')), too_long: tooLongBytes });
    const { code, output } = await python([script], { stdin, env });
    await server.close();
    expect(code, output).to.equal(0);
    return JSON.parse(output);
  }

  for (const way of ways) {
    it(`gets over ${way.over} the bytes that grpc-js sends, for every check, and its health and reflection`, async () => {
      const [lean, reference] = [await answersOver('lean', way), await answersOver('grpc-js', way)];
      const [first = ''] = lean.one_by_one;
      expect(lean.at_once).to.deep.equal(lean.one_by_one);
      expect(new Set(lean.one_by_one).size).to.be.above(5);
      expect(lean.one_by_one.every(each => /^[0-9a-f]+$/.test(each))).to.equal(true);
      expect(lean.deadlines).to.deep.equal(Array(5).fill(first));
      expect(lean.cancelled).to.equal(first);
      expect(lean.metadata.taken).to.deep.equal(Array(3).fill(first));
      expect(lean.metadata.refused).to.not.match(/^[0-9a-f]+$/);
      expect(lean.metadata.after).to.equal(first);
      expect(lean.others).to.deep.equal({
        packed: 'UNIMPLEMENTED',
        unknown: 'UNIMPLEMENTED',
        too_long: 'RESOURCE_EXHAUSTED',
      });
      expect(lean.health).to.deep.equal(['SERVING', 'SERVING', 'NOT_FOUND']);
      // That grpc-js takes less metadata, and compressed messages, is its own.
      const { metadata: _, others, ...rest } = reference;
      for (const [what, said] of Object.entries(rest)) {
        expect(lean[what as keyof Answers], what).to.deep.equal(said);
      }
      expect({ ...lean.others, packed: others.packed }).to.deep.equal(others);
    });
  }

  it('T20 is told of no service by a server without --reflection, and of nothing without a client certificate', async () => {
    const [open, , closed] = ways as [Way, Way, Way];
    const ask = async (way: Way) => {
      const server = await serveOver('lean', way);
      const stdin = asked(
        server,
        { ...way, ...(way.tls && { tls: { ca: pems.ca } }) },
        { checks: ['00'], too_long: 9 },
      );
      const { output } = await python([script], { stdin, env });
      await server.close();
      return JSON.parse(output) as Answers;
    };
    expect((await ask(open)).reflection).to.deep.equal(['UNIMPLEMENTED', 'UNIMPLEMENTED']);
    const { one_by_one, health, reflection } = await ask(closed);
    expect(new Set([...one_by_one, ...health, ...reflection])).to.deep.equal(new Set(['UNAVAILABLE']));
  });

  for (const transport of checkTransports) {
    it(`T19 watching health over ${transport} is told that the server goes, and is let go`, async () => {
      const [way] = ways as [Way];
      const server = await serveOver(transport, way);
      let said = '';
      const watching = python([script], {
        stdin: asked(server, way, { watch: '' }),
        env,
        said: text => {
          said += text;
        },
      });
      await until('it watches', () => said.includes('SERVING'));
      await server.close();
      const { output } = await watching;
      expect(output.split('\n').slice(0, 2)).to.deep.equal(['SERVING', 'NOT_SERVING']);
    });
  }
});
