import { expect } from 'chai';
import { type Bootstrap, connectionManagerOf } from '../../../envoy/render-config.ts';
import { digestOf } from '../../../src/keys/digest.ts';
import { dataDirectory } from '../../support/data-directory.ts';
import { type Gateway, startGateway } from '../../support/envoy.ts';
import { type KeptAnswer, KeptConnection } from '../../support/kept-connection.ts';
import { runsFactor } from '../../support/runs.ts';
import { initData, type ServeProcess, startProcess } from '../../support/serve-process.ts';

/** As much as the server reads from a connection at once; after two of them, everything has come again. */
const readBytes = 65_536;
const sizes = 2 * readBytes;
const smallestBody = 120;
/** Every 16th size; all of them at a factor of 16. */
const step = Math.max(1, Math.round(16 / runsFactor()));
const workers = 4;
const connections = 24;
const uploaders = 4;
const uploadBytes = 1024 * 1024;

const callers = Array.from({ length: 8 }, (_, n) => ({ principal: `caller-${n}`, apiKey: `key-of-caller-${n}` }));
const models = callers.map((_, n) => ({ model: `model-${n}`, accessKey: `access-key-of-model-${n}` }));
/** Whoever calls; each holds something on the project but the last. */
const stranger = callers.length - 1;

const site = {
  users: callers.map(({ principal }) => ({ username: principal })),
  projects: [
    {
      project_id: 'all',
      owner: { username: 'root' },
      collaborators: callers.slice(0, stranger).map(({ principal }) => ({ username: principal, permission: 'read' })),
      models: models.map(({ model, accessKey }) => ({ model_id: model, access_key: accessKey, auth_enabled: true })),
    },
  ],
  api_keys: callers.map(({ principal, apiKey }) => ({
    key_id: `id-of-${principal}`,
    username: principal,
    digest: digestOf(apiKey),
    expiry_date: null,
  })),
};

/** Envoy answers what was allowed by itself, with what Modelgate has said of the call; a check that a busy machine delays is no fault. */
function echoIdentity(bootstrap: Bootstrap): void {
  const manager = connectionManagerOf(bootstrap);
  const [host] = manager.route_config.virtual_hosts;
  const header = (key: string, value: string) => ({ header: { key, value } });
  host?.routes.splice(0, Number.POSITIVE_INFINITY, {
    match: { prefix: '/' },
    direct_response: { status: 200 },
    response_headers_to_add: [
      header('x-seen-principal', '%REQ(x-modelgate-principal)%'),
      header('x-seen-model', '%REQ(x-modelgate-model)%'),
    ],
  });
  delete manager['access_log'];
  (manager.http_filters[0]?.typed_config['grpc_service'] as { timeout: string }).timeout = '60s';
}

/** A request whose body has so many bytes. */
function requestOf(caller: number, model: number, bytes: number): Buffer[] {
  const begin = `{"accessKey":"${models[model]?.accessKey}","request":"`;
  const body = Buffer.alloc(bytes, 'x');
  body.write(begin);
  body.write('"}', bytes - 2);
  const lines = [
    'POST /model HTTP/1.1',
    'host: models',
    `authorization: Bearer ${callers[caller]?.apiKey}`,
    'content-type: application/json',
    `content-length: ${bytes}`,
  ];
  return [Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body];
}

/** What is wrong with an answer; undefined: nothing. */
function wrongWith({ status, headers }: KeptAnswer, caller: number, model: number): string | undefined {
  const seen = [
    status,
    headers.get('x-seen-principal'),
    headers.get('x-seen-model'),
    headers.get('x-modelgate-reason'),
  ];
  const allowed = [200, callers[caller]?.principal, models[model]?.model, undefined];
  const expected = caller === stranger ? [403, undefined, undefined, 'not_authorized'] : allowed;
  return seen.join() === expected.join() ? undefined : `${seen} where ${expected} was due`;
}

for (const envoyVersion of ['1.36.4', '1.40.0']) {
  describe(`T51 behind Envoy ${envoyVersion} with ${workers} workers: bodies of all sizes while others upload`, function () {
    this.timeout(60_000 * Math.max(10, runsFactor() * 4));
    let server: ServeProcess;
    let gateway: Gateway;
    before(async () => {
      const data = dataDirectory();
      server = await startProcess(data, await initData(data));
      const { status } = await server.admin.post('/api/v2/site:apply', site);
      expect(status).to.equal(200);
      gateway = await startGateway({
        check: server.checkPort,
        models: [],
        concurrency: workers,
        envoyVersion,
        edit: echoIdentity,
      });
    });
    after(async () => {
      await gateway?.close();
      await server?.kill9();
    });

    it(`each of ${sizes / step} calls is told its own caller and model`, async () => {
      const wrong: string[] = [];
      let [called, uploaded, next, isOver] = [0, 0, 0, false];
      const callOnce = async (connection: KeptConnection, n: number, bytes: number) => {
        const [caller, model] = [n % callers.length, Math.floor(n / callers.length) % models.length];
        const answer = await connection.call(...requestOf(caller, model, bytes));
        const fault = wrongWith(answer, caller, model);
        if (fault !== undefined) wrong.push(`${bytes} bytes: ${fault}`);
      };
      const sweep = async () => {
        const connection = await KeptConnection.open(gateway.port);
        for (; next < sizes / step && wrong.length === 0; called += 1) {
          const n = next;
          next += 1;
          await callOnce(connection, n, smallestBody + n * step);
        }
        connection.close();
      };
      const upload = async (_: unknown, first: number) => {
        const connection = await KeptConnection.open(gateway.port);
        for (let n = first; !isOver; n += uploaders, uploaded += 1) await callOnce(connection, n, uploadBytes);
        connection.close();
      };
      const begun = performance.now();
      const uploading = Promise.all(Array.from({ length: uploaders }, upload));
      await Promise.all(Array.from({ length: connections }, sweep)).finally(() => {
        isOver = true;
      });
      await uploading;
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      console.log(`      ${called} calls and ${uploaded} of 1 MiB beside them in ${seconds} s`);
      expect(wrong).to.deep.equal([]);
      expect(called).to.equal(sizes / step);
    });
  });
}
