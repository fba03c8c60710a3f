import type { CheckClient } from './check-client.ts';
import { modelCall } from './check-client.ts';
import type { TestServer } from './server.ts';

/** One call, whether it may pass, and why it stands here. */
export interface Expected {
  readonly what: string;
  readonly accessKey: string;
  readonly bearer: string | undefined;
  readonly allow: boolean;
}

const dayMs = 86_400_000;
const strangers = Array.from({ length: 10 }, (_, n) => ({ username: `stranger${n}` }));

/** Fills a server with a site that has every way to be refused; answers what each call must come to. */
export async function fillSite(server: TestServer): Promise<Expected[]> {
  const { admin } = server;
  await admin.post('/api/v2/site:apply', {
    users: [{ username: 'viewer' }, { username: 'business' }, { username: 'gone' }, ...strangers],
    projects: [
      {
        project_id: 'p',
        owner: { username: 'root' },
        collaborators: [
          { username: 'viewer', permission: 'read' },
          { username: 'business', permission: 'business_user' },
          { username: 'gone', permission: 'write' },
        ],
        models: [{ model_id: 'fraud' }, { model_id: 'other' }, { model_id: 'stopped', state: 'stopped' }],
      },
    ],
  });
  const accessKey = async (model: string) => (await admin.get(`/api/v2/projects/p/models/${model}`)).body.access_key;
  const [fraud, stopped] = [await accessKey('fraud'), await accessKey('stopped')];
  const key = async (user: string, body: object = {}) =>
    (await admin.post(`/api/v2/users/${user}/v2_keys`, body)).body as { key_id: string; api_key: string };
  const live = await key('viewer');
  const deleted = await key('viewer');
  await admin.delete(`/api/v2/users/viewer/v2_keys/${deleted.key_id}`);
  const scoped = await key('viewer', { models: ['other'] });
  const audience = await key('viewer', { audiences: ['Application'] });
  const short = await key('viewer', { expiry_date: new Date(Date.now() + dayMs).toISOString() });
  const ended = await key('gone');
  await admin.patch('/api/v2/users/gone', { deactivated: true });
  const refused = [
    { what: 'no key', bearer: undefined },
    { what: 'deleted', bearer: deleted.api_key },
    { what: 'another scope', bearer: scoped.api_key },
    { what: 'another audience', bearer: audience.api_key },
    { what: 'deactivated owner', bearer: ended.api_key },
    { what: 'business user', bearer: (await key('business')).api_key },
    { what: 'expired', bearer: short.api_key },
    ...(await Promise.all(
      strangers.map(async ({ username }) => ({ what: username, bearer: (await key(username)).api_key })),
    )),
  ].map(each => ({ ...each, accessKey: fraud, allow: false }));
  return [
    { what: 'live', accessKey: fraud, bearer: live.api_key, allow: true },
    { what: 'stopped model', accessKey: stopped, bearer: live.api_key, allow: false },
    ...refused,
  ];
}

/** The time at which `fillSite`'s short-lived key has expired, and no other. */
export function whenShortKeysHaveExpired(): number {
  return Date.now() + 2 * dayMs;
}

/** The calls that came out otherwise than they must, or only those that passed against it. */
export async function wrongVerdicts(checks: CheckClient, expected: readonly Expected[]): Promise<string[]> {
  const answers = await Promise.all(
    expected.map(({ accessKey, bearer }) =>
      checks.check(modelCall({ accessKey, ...(bearer === undefined ? {} : { bearer }) })),
    ),
  );
  return expected
    .filter(({ allow }, at) => Boolean(answers[at]?.okResponse) !== allow)
    .map(({ what, allow }) => `${allow ? 'denied' : 'ALLOWED'}: ${what}`);
}
