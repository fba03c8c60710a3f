import type { AdminClient } from './admin-client.ts';
import { modelCall } from './check-client.ts';
import type { TestServer } from './server.ts';

/** Ada owns project p with two models, Ben is its viewer, Otto has nothing to do with it. */
export const site = {
  users: [{ username: 'ada' }, { username: 'ben' }, { username: 'otto' }],
  projects: [
    {
      project_id: 'p',
      owner: { username: 'ada' },
      collaborators: [{ username: 'ben', permission: 'read' }],
      models: [{ model_id: 'fraud' }, { model_id: 'churn' }],
    },
  ],
};

/** Status of a check with an access key and an API key: 200, or the denial's. */
export async function statusOf(server: TestServer, accessKey: string, bearer?: string): Promise<number> {
  const call = modelCall({ accessKey, ...(bearer === undefined ? {} : { bearer }) });
  const { okResponse, deniedResponse } = await server.checks.check(call);
  return okResponse ? 200 : (deniedResponse?.status?.code ?? 0);
}

/** A request by its method, path (after `/api/v2`) and body. */
export type Asked = readonly [method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown];

/** Status that a client gets for a request. */
export async function ask(client: AdminClient, [method, path, body]: Asked): Promise<number> {
  const url = `/api/v2${path}`;
  switch (method) {
    case 'GET':
      return (await client.get(url)).status;
    case 'DELETE':
      return (await client.delete(url)).status;
    case 'PATCH':
      return (await client.patch(url, body)).status;
    case 'POST':
      return (await client.post(url, body)).status;
  }
}

/** Status that each of the clients gets for a request, one after another, by the client's name. */
export async function askAll<N extends string>(
  clients: Readonly<Record<N, AdminClient>>,
  asked: Asked,
): Promise<Record<N, number>> {
  const statuses: Partial<Record<N, number>> = {};
  for (const name of Object.keys(clients) as N[]) {
    statuses[name] = await ask(clients[name], asked);
  }
  return statuses as Record<N, number>;
}

/** Access key of the model fraud of the site above. */
export async function accessKeyOf(server: TestServer): Promise<string> {
  return (await server.admin.get('/api/v2/projects/p/models/fraud')).body.access_key;
}
