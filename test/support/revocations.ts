import { randomUUID } from 'node:crypto';
import { type AdminClient, type ApiAnswer, adminClient } from './admin-client.ts';
import type { CallOptions } from './check-client.ts';

const project = '/api/v2/projects/p';
const steady = 'steady';

/** A call that passes until a change is acknowledged, and never again. */
export interface Revocation {
  readonly way: string;
  readonly call: CallOptions;
  /** Asks for the change. */
  readonly revoke: () => Promise<ApiAnswer>;
}

/** What a way has to make its call from. */
interface Made {
  readonly admin: AdminClient;
  /** Of a model that every key may be for. */
  readonly accessKey: string;
  /** No other call has had it. */
  readonly name: string;
}

type Way = (made: Made) => Promise<Omit<Revocation, 'way'>>;

/** Ways to take a right away that ask for more than one thing to be made first. Nobody but their caller uses `root`'s project p. */
const ways: Readonly<Record<string, Way>> = {
  'revoked by possession': async ({ admin, accessKey }) => {
    const { api_key } = await keyOf(admin, 'root');
    const holder = adminClient(admin.url, api_key);
    return { call: { accessKey, bearer: api_key }, revoke: () => holder.post('/api/v2/auth/revoke_key', {}) };
  },
  'rotated without overlap': async ({ admin, accessKey }) => {
    const { api_key, key_id } = await keyOf(admin, 'root');
    const rotate = `/api/v2/users/root/v2_keys/${key_id}:rotate`;
    return { call: { accessKey, bearer: api_key }, revoke: () => admin.post(rotate, { overlap_seconds: 0 }) };
  },
  "a deactivated user's": async ({ admin, accessKey, name }) => ({
    call: { accessKey, bearer: await keyOfCollaborator(admin, name) },
    revoke: () => admin.patch(`/api/v2/users/${name}`, { deactivated: true }),
  }),
  "a former collaborator's": async ({ admin, accessKey, name }) => ({
    call: { accessKey, bearer: await keyOfCollaborator(admin, name) },
    revoke: () => admin.delete(`${project}/collaborators/${name}`),
  }),
  'without a key, authentication on': async ({ admin, name }) => ({
    call: { accessKey: await openModel(admin, name) },
    revoke: () => admin.patch(`${project}/models/${name}`, { auth_enabled: true }),
  }),
  'without a key, authentication on for all': async ({ admin, name }) => ({
    call: { accessKey: await openModel(admin, name) },
    revoke: () => admin.post('/api/v2/models:enable_authentication', { project_id: 'p' }),
  }),
  "a pruned user's": async ({ admin, accessKey, name }) => ({
    call: { accessKey, bearer: await keyOfCollaborator(admin, name) },
    revoke: () => admin.post('/api/v2/site:apply?prune=true', { users: [{ username: 'root', site_admin: true }] }),
  }),
  "a pruned collaborator's": async ({ admin, accessKey, name }) => ({
    call: { accessKey, bearer: await keyOfCollaborator(admin, name) },
    revoke: () => {
      const only = { project_id: 'p', owner: { username: 'root' }, collaborators: [] };
      return admin.post('/api/v2/site:apply?prune=true', { projects: [only] });
    },
  }),
};

/** How many ways so many crashes are to have seen at least: all of them where there are enough. */
export function waysAfter(crashes: number): number {
  return Math.min(Object.keys(ways).length, Math.floor(crashes / 4));
}

/** Makes what all ways share; answers the access key for `makeRevocation`. */
export async function beginRevocations(admin: AdminClient): Promise<string> {
  return (await made(admin.post(`${project}/models`, { model_id: steady }))).body.access_key;
}

/** What was revoked by now: in which way, and whether that was acknowledged. */
interface Revoked {
  readonly way: string;
  readonly acknowledged: number | undefined;
}

/**
 * Makes a call that passes, and the change after which it must not, in the way that was acknowledged least often and tried
 * least often, so that crashes in between keep none from its turn. Rejects where the server does not make it.
 */
export async function makeRevocation(
  admin: AdminClient,
  accessKey: string,
  revoked: readonly Revoked[],
): Promise<Revocation> {
  const weight = (way: string) => {
    const tried = revoked.filter(each => each.way === way);
    return tried.filter(each => each.acknowledged !== undefined).length + tried.length / (revoked.length + 1);
  };
  const [[way, make]] = Object.entries(ways).sort(([a], [b]) => weight(a) - weight(b)) as [[string, Way]];
  return { way, ...(await make({ admin, accessKey, name: `r${randomUUID()}` })) };
}

async function keyOf(admin: AdminClient, user: string): Promise<{ api_key: string; key_id: string }> {
  return (await made(admin.post(`/api/v2/users/${user}/v2_keys`, {}))).body;
}

async function keyOfCollaborator(admin: AdminClient, username: string): Promise<string> {
  const collaborators = [{ username, permission: 'read' }];
  const projects = [{ project_id: 'p', owner: { username: 'root' }, collaborators }];
  await made(admin.post('/api/v2/site:apply', { users: [{ username }], projects }));
  return (await keyOf(admin, username)).api_key;
}

async function openModel(admin: AdminClient, model_id: string): Promise<string> {
  return (await made(admin.post(`${project}/models`, { model_id, disable_authentication: true }))).body.access_key;
}

async function made(answer: Promise<ApiAnswer>): Promise<ApiAnswer> {
  const { status, ...rest } = await answer;
  if (status >= 300) {
    throw new NotMade(`answered ${status}`);
  }
  return { status, ...rest };
}

/** The server has refused what a way begins with, as it does while its disk fails. */
export class NotMade extends Error {}
