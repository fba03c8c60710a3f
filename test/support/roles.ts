import type { AdminClient, ApiAnswer } from './admin-client.ts';
import { adminClient } from './admin-client.ts';
import { modelCall } from './check-client.ts';
import { startServer, type TestServer } from './server.ts';

/** Everybody who may ask something of a project, from none to all rights; `owner` is also an admin of team `crew`. */
export interface Roles {
  readonly nobody: AdminClient;
  readonly outsider: AdminClient;
  readonly viewer: AdminClient;
  readonly writer: AdminClient;
  readonly owner: AdminClient;
  readonly root: AdminClient;
}

export interface RoleSite extends Roles {
  readonly server: TestServer;
  /** Status that each role gets for a call, in the order of Roles; `prepare` runs before each, as the site admin. */
  statuses(call: (client: AdminClient) => Promise<ApiAnswer>, prepare?: () => Promise<unknown>): Promise<number[]>;
  /** Status of a check with an access key and an API key: 200, or the denial's. */
  checked(accessKey: string, bearer?: string): Promise<number>;
  /** A new API key of a user. */
  apiKeyOf(username: string, body?: object): Promise<string>;
  accessKeyOf(projectId: string, modelId: string): Promise<string>;
}

/** Project `p` with a model `fraud` and everybody in it; project `other` of somebody else; team `crew` that `viewer` is in. */
const document = {
  users: ['outsider', 'viewer', 'writer', 'owner', 'stranger'].map(username => ({ username })),
  applications: [{ name: 'robot', owner: 'owner' }],
  teams: [
    {
      team: 'crew',
      members: [
        { username: 'owner', permission: 'admin' },
        { username: 'viewer', permission: 'read' },
        { username: 'writer', permission: 'write' },
      ],
    },
  ],
  projects: [
    {
      project_id: 'p',
      owner: { username: 'owner' },
      collaborators: [
        { username: 'viewer', permission: 'read' },
        { username: 'writer', permission: 'write' },
      ],
      models: [{ model_id: 'fraud' }],
    },
    { project_id: 'other', owner: { username: 'stranger' }, models: [{ model_id: 'others' }] },
  ],
};

export async function startRoles(): Promise<RoleSite> {
  const server = await startServer();
  await server.admin.post('/api/v2/site:apply', document);
  const [outsider, viewer, writer, owner] = await Promise.all(
    ['outsider', 'viewer', 'writer', 'owner'].map(name => server.as(name)),
  );
  const clients = { nobody: adminClient(server.admin.url, ''), outsider, viewer, writer, owner, root: server.admin };
  const roles = clients as Roles;
  return {
    ...roles,
    server,
    statuses: async (call, prepare = async () => undefined) => {
      const statuses: number[] = [];
      for (const client of [roles.nobody, roles.outsider, roles.viewer, roles.writer, roles.owner, roles.root]) {
        await prepare();
        statuses.push((await call(client)).status);
      }
      return statuses;
    },
    checked: async (accessKey, bearer) => {
      const call = modelCall({ accessKey, ...(bearer === undefined ? {} : { bearer }) });
      const { okResponse, deniedResponse } = await server.checks.check(call);
      return okResponse ? 200 : (deniedResponse?.status?.code ?? 0);
    },
    apiKeyOf: async (username, body = {}) =>
      (await server.admin.post(`/api/v2/users/${username}/v2_keys`, body)).body.api_key,
    accessKeyOf: async (projectId, modelId) =>
      (await server.admin.get(`/api/v2/projects/${projectId}/models/${modelId}`)).body.access_key,
  };
}
