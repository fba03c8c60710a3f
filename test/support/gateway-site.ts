import type { Bootstrap } from '../../envoy/render-config.ts';
import { type Gateway, type StartGatewayOptions, startGateway } from './envoy.ts';
import { type Answer, type Call, send } from './send.ts';
import { startServer, type TestServer } from './server.ts';

export const site = {
  users: [{ username: 'ada' }, { username: 'ben' }, { username: 'otto' }],
  projects: [
    {
      project_id: 'risk',
      owner: { username: 'ada' },
      collaborators: [{ username: 'ben', permission: 'read' }],
      models: [{ model_id: 'fraud' }],
    },
    {
      project_id: 'marketing',
      owner: { username: 'ada' },
      collaborators: [{ username: 'ben', permission: 'read' }],
      models: [{ model_id: 'churn', auth_enabled: false }],
    },
  ],
};
export const fraudPath = '/api/v2/projects/risk/models/fraud';
export const churnPath = '/api/v2/projects/marketing/models/churn';

/** A server with two models, `fraud` (protected) and `churn` (open), behind a real Envoy. */
export interface GatewaySite {
  readonly server: TestServer;
  readonly gateway: Gateway;
  /** Access keys of the two models. */
  readonly fraud: string;
  readonly churn: string;
  /** API keys: ben may call both, otto neither where authentication is on. */
  readonly viewer: string;
  readonly outsider: string;
  call(options: Call): Promise<Answer>;
  close(): Promise<void>;
}

export interface GatewaySiteOptions extends Pick<StartGatewayOptions, 'envoyVersion' | 'onRequest'> {
  readonly edit?: (bootstrap: Bootstrap) => void;
}

export async function startGatewaySite(options: GatewaySiteOptions = {}): Promise<GatewaySite> {
  const server = await startServer();
  try {
    await server.admin.post('/api/v2/site:apply', site);
    const keyOf = async (username: string) =>
      (await server.admin.post(`/api/v2/users/${username}/v2_keys`, {})).body.api_key as string;
    const accessKeyOf = async (path: string) => (await server.admin.get(path)).body.access_key as string;
    const keys = {
      fraud: await accessKeyOf(fraudPath),
      churn: await accessKeyOf(churnPath),
      viewer: await keyOf('ben'),
      outsider: await keyOf('otto'),
    };
    const gateway = await startGateway({ check: server.checkPort, models: ['fraud', 'churn'], ...options });
    const close = async () => {
      await gateway.close();
      await server.close();
    };
    return { server, gateway, ...keys, call: call => send(gateway, call), close };
  } catch (fault) {
    await server.close();
    throw fault;
  }
}

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
export const bodyOf = (accessKey: string) => JSON.stringify({ accessKey, request: { dob: '19 - 22' } });
/** Status, and the reason of a denial or the model that answered. */
export const reasonOf = (answer: Answer) =>
  `${answer.status} ${answer.headers['x-modelgate-reason'] ?? answer.json?.model}`;
