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
