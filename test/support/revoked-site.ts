import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { restore } from '../../src/assemble.ts';
import type { Restored, RestoreOptions } from '../../src/restore/restore-backup.ts';
import { type AdminClient, adminClient } from './admin-client.ts';
import { accessKeyOf, statusOf } from './admin-site.ts';
import { dataDirectory } from './data-directory.ts';
import { serveAgain, startServer, type TestServer } from './server.ts';

const users = ['bob', 'eve', 'kim', 'lea', 'max', 'ned', 'second'];
const oidc = { issuer: 'https://id.example', subject: '1' };

const site = {
  users: users.map(username => ({ username, site_admin: username === 'second' })),
  applications: [{ name: 'batch', owner: 'bob' }],
  teams: [{ team: 't', members: [{ username: 'max', permission: 'admin' }] }],
  projects: [
    {
      project_id: 'p',
      owner: { username: 'root' },
      visibility: 'public',
      collaborators: [
        { username: 'bob', permission: 'read' },
        { username: 'kim', permission: 'read' },
        { username: 'lea', permission: 'admin' },
      ],
      team_collaborators: [{ team: 't', mode: 'override', permission: 'write' }],
      models: [{ model_id: 'fraud' }, { model_id: 'gone' }],
    },
  ],
};

export const url = (rest: string) => `/api/v2/${rest}`;
type Key = { readonly key_id: string; readonly api_key: string };
const keyFor = async (admin: AdminClient, owner: string): Promise<Key> =>
  (await admin.post(url(`${owner}/v2_keys`))).body;

/** A data directory with a backup of the site, and everything that was revoked after it. */
export interface Revoked {
  readonly data: string;
  readonly backup: string;
  readonly admin: AdminClient;
  readonly accessKey: string;
  readonly keys: Readonly<Record<'kept' | 'deleted' | 'rotated' | 'held' | 'eve' | 'batch' | 'ned', Key>>;
  readonly legacy: Readonly<Record<'second' | 'max', string>>;
}

export async function revokedSite(): Promise<Revoked> {
  const data = dataDirectory();
  const server = await startServer({ data });
  const { admin } = server;
  await admin.post(url('site:apply'), site);
  await admin.patch(url('projects/p/models/fraud'), { auth_enabled: false });
  await admin.put(url('users/lea/oidc_identity'), oidc);
  const legacy = { second: (await server.as('second')).key, max: (await server.as('max')).key };
  const keys = {
    kept: await keyFor(admin, 'users/bob'),
    deleted: await keyFor(admin, 'users/bob'),
    rotated: await keyFor(admin, 'users/bob'),
    held: await keyFor(admin, 'users/bob'),
    eve: await keyFor(admin, 'users/eve'),
    batch: await keyFor(admin, 'applications/batch'),
    ned: await keyFor(admin, 'users/ned'),
  };
  const accessKey = await accessKeyOf(server);
  const { name } = (await admin.post(url('site:backup'))).body;
  await revokeAll(server, keys);
  await server.close();
  return { data, backup: join(data, name), admin, accessKey, keys, legacy };
}

async function revokeAll(server: TestServer, keys: Revoked['keys']): Promise<void> {
  const { admin } = server;
  await admin.delete(url(`users/bob/v2_keys/${keys.deleted.key_id}`));
  await admin.post(url(`users/bob/v2_keys/${keys.rotated.key_id}:rotate`), { overlap_seconds: 0 });
  await adminClient(admin.url, keys.held.api_key).post(url('auth/revoke_key'), {});
  await admin.patch(url('users/eve'), { deactivated: true });
  await admin.delete(url('applications/batch'));
  await admin.delete(url('users/ned'));
  await admin.patch(url('users/second'), { site_admin: false });
  await server.as('max');
  await admin.delete(url('users/lea/oidc_identity'));
  await admin.delete(url('projects/p/collaborators/kim'));
  await admin.put(url('projects/p/collaborators/lea'), { permission: 'read' });
  await admin.delete(url('teams/t/members/max'));
  await admin.patch(url('projects/p'), { visibility: 'private' });
  await admin.patch(url('projects/p/models/fraud'), { auth_enabled: true });
  await admin.delete(url('projects/p/models/gone'));
}

export const restored = ({ data, backup }: Pick<Revoked, 'data' | 'backup'>, options: Partial<RestoreOptions> = {}) =>
  restore({ dataDirectory: data, backup, dryRun: false, includeRevoked: false, acceptLoss: false, ...options });
export const lines = ({ reopened }: Restored) =>
  reopened.map(({ kind, id, ended, command }) => `${ended ? 'ended' : 'back'} ${kind} ${id}: ${command.join(' ')}`);
export const opened = async (revoked: Revoked, work: (server: TestServer) => Promise<void>) => {
  const server = await serveAgain(revoked.data, revoked.admin);
  await work(server).finally(() => server.close());
};
/** Whether each key calls the model, which needs one. */
export const alive = async (server: TestServer, { accessKey, keys }: Revoked): Promise<string[]> => {
  await server.admin.patch(url('projects/p/models/fraud'), { auth_enabled: true });
  const statuses = await Promise.all(Object.values(keys).map(({ api_key }) => statusOf(server, accessKey, api_key)));
  return Object.keys(keys).filter((_name, at) => statuses[at] === 200);
};

/** The same of keys of Bob that stay ended, or as narrow as they were. */
export const endedKeyLines = (...ids: readonly string[]): string[] =>
  ids.map(id => `ended api_key ${id}: keys delete ${id} --user bob`);

/** What the restore is to tell: credentials, each ended again or back. */
export const endedLines = ({ keys }: Revoked, how: 'ended' | 'back'): string[] =>
  [
    ...['deleted', 'rotated', 'held'].map(name => [keys[name as 'held'].key_id, 'bob'] as const),
    [keys.eve.key_id, 'eve'] as const,
    [keys.ned.key_id, 'ned'] as const,
  ]
    .map(([id, owner]) => `${how} api_key ${id}: keys delete ${id} --user ${owner}`)
    .concat(
      `${how} api_key ${keys.batch.key_id}: keys delete ${keys.batch.key_id} --application batch`,
      `${how} legacy_key max: users rotate-legacy-key max`,
      `${how} oidc_identity lea: users unlink-identity lea`,
      `${how} user eve: users update eve --deactivated true`,
      `${how} user ned: users delete ned`,
      `${how} user second: users update second --site-admin false`,
      `${how} application batch: applications delete batch`,
    );

/** And the rest, which a person decides. */
export const backLines = [
  'back collaborator p/kim: collaborators delete p kim',
  'back collaborator p/lea: collaborators put p lea --permission read',
  'back team_member t/max: teams members delete t max',
  'back project p: projects update p --visibility private',
  'back model fraud: models auth on p fraud',
  'back model gone: models delete p gone',
];

export const legacyStatuses = async (server: TestServer, { legacy }: Revoked) => {
  const status = async (key: string) => (await adminClient(server.admin.url, key).get(url('projects'))).status;
  return { second: await status(legacy.second), max: await status(legacy.max) };
};

export const keyFile = (key: string): string => {
  const file = join(dataDirectory(), 'key');
  writeFileSync(file, key, { mode: 0o600 });
  return file;
};
