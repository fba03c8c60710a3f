import { type SampleModel, startSampleModel } from '../../envoy/sample-model.ts';
import { churnPath, fraudPath, site } from '../support/gateway-site.ts';
import { startServer } from '../support/server.ts';
import type { MeshKeys } from './calls.ts';
import type { Backends } from './cluster.ts';

/** A server with two models behind it, for an Envoy that somebody else configures. */
export interface MeshSite {
  readonly keys: MeshKeys;
  readonly backends: Backends;
  /** Calls that reached any model so far. */
  reached(): number;
  /** Calls that reached `fraud` so far, which only ben may call. */
  reachedFraud(): number;
  /** Ends the authorizer, and nothing else. */
  killAuthorizer(): Promise<void>;
  close(): Promise<void>;
}

export async function startMeshSite(): Promise<MeshSite> {
  const server = await startServer();
  await server.admin.post('/api/v2/site:apply', site);
  const keyOf = async (username: string) =>
    (await server.admin.post(`/api/v2/users/${username}/v2_keys`, {})).body.api_key as string;
  const accessKeyOf = async (path: string) => (await server.admin.get(path)).body.access_key as string;
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
  let alive = true;
  const killAuthorizer = async () => {
    if (alive) await server.close();
    alive = false;
  };
  return {
    keys,
    backends: { modelgate: server.checkPort, fraud: fraud.port, churn: churn.port },
    reachedFraud: () => fraud.calls(),
    reached: () => fraud.calls() + churn.calls(),
    killAuthorizer,
    close: async () => {
      await killAuthorizer();
      await Promise.all([fraud.close(), churn.close()]);
    },
  };
}
