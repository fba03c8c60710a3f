import { type SampleModel, startSampleModel } from '../../envoy/sample-model.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { churnPath, fraudPath, site } from '../support/gateway-site.ts';
import { serveAgain, startServer, type TestServer } from '../support/server.ts';
import type { MeshKeys } from './calls.ts';
import type { Backends } from './cluster.ts';

/** A server with two models behind it, for an Envoy that somebody else configures. */
export interface MeshSite {
  readonly keys: MeshKeys;
  readonly backends: Backends;
  /** Calls that reached each model so far. */
  reached(): Readonly<Record<'fraud' | 'churn', number>>;
  /** Ends the authorizer, and nothing else. */
  killAuthorizer(): Promise<void>;
  /** Starts it again, on the same port. */
  reviveAuthorizer(): Promise<void>;
  close(): Promise<void>;
}

export async function startMeshSite(): Promise<MeshSite> {
  const data = dataDirectory();
  let server: TestServer | undefined = await startServer({ data });
  const { checkPort, admin } = server;
  await admin.post('/api/v2/site:apply', site);
  const keyOf = async (username: string) =>
    (await admin.post(`/api/v2/users/${username}/v2_keys`, {})).body.api_key as string;
  const accessKeyOf = async (path: string) => (await admin.get(path)).body.access_key as string;
  const keys: MeshKeys = {
    fraud: await accessKeyOf(fraudPath),
    churn: await accessKeyOf(churnPath),
    viewer: await keyOf('ben'),
    outsider: await keyOf('otto'),
  };
  const [fraud, churn] = (await Promise.all(['fraud', 'churn'].map(name => startSampleModel({ name, port: 0 })))) as [
    SampleModel,
    SampleModel,
  ];
  const killAuthorizer = async () => {
    await server?.close();
    server = undefined;
  };
  return {
    keys,
    backends: { modelgate: checkPort, fraud: fraud.port, churn: churn.port },
    reached: () => ({ fraud: fraud.calls(), churn: churn.calls() }),
    killAuthorizer,
    reviveAuthorizer: async () => {
      server ??= await serveAgain(data, admin, { flags: { 'check-listen': `127.0.0.1:${checkPort}` } });
    },
    close: async () => {
      await killAuthorizer();
      await Promise.all([fraud.close(), churn.close()]);
    },
  };
}
