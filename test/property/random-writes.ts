import fc from 'fast-check';
import type { Permission, TeamMode, Visibility } from '../../src/changes/change-set.ts';
import { digestOf } from '../../src/keys/digest.ts';
import type { Reads, Writes } from '../../src/store/store.ts';
import { keyOf, modelOf, projectOf, user } from '../support/store.ts';

/** Every method of the store that changes something; the compiler asks for a new one's writes here. */
export type WriteMethod = Exclude<keyof Writes, keyof Reads>;

export interface RandomWrite extends Call {
  readonly method: WriteMethod;
}

interface Call {
  /** What it is called with, for the report of a failure. */
  readonly args: readonly unknown[];
  readonly run: (writes: Writes) => Promise<unknown>;
}

/** Few names, those of `fillSite` among them, so that most writes meet something that is there. */
const usernames = ['ada', 'ben', 'cy', 'dan'];
const username = fc.constantFrom(...usernames);
const applications = ['a1', 'a2'];
const application = fc.constantFrom(...applications);
export const principals = [...usernames, ...applications];
const principal = fc.oneof(username, application);
const team = fc.constantFrom('t', 't2', 't3');
export const projectIds = ['p', 'p2', 'p3'];
const projectId = fc.constantFrom(...projectIds);
const modelIds = ['fraud', 'm2', 'm3'];
const modelId = fc.constantFrom(...modelIds);
const keyIds = ['k1', 'k2', 'k3', 'k4'];
const keyId = fc.constantFrom(...keyIds);
/** Access keys and API keys that any of the writes may bring in. */
const newAccessKeys = [1, 2, 3, 4, 5].map(n => `m-access-key-number-${n}`);
export const everyAccessKey = [...modelIds.map(id => modelOf(id, '').access_key), ...newAccessKeys];
export const everyApiKey = keyIds.map(secretOf);

const flag = fc.boolean();
const permission = fc.constantFrom<Permission>('business_user', 'read', 'operator', 'write', 'admin');
const mode = fc.constantFrom<TeamMode>('inherit', 'override');
const time = fc.integer({ min: 1, max: 9 });
const audiences = fc.constantFrom(['API'], ['Application'], ['API', 'Application'], []);
const models = fc.constantFrom(null, [], ['fraud'], ['m2', 'm3']);
const expiresAt = fc.option(time);
/** When a key that was replaced ends: long ago, or not for a long time. */
const until = fc.constantFrom(1, 4_000_000_000_000);
const owner = fc.oneof(
  username.map(owner_user => ({ owner_user, owner_team: null })),
  team.map(owner_team => ({ owner_user: null, owner_team })),
);
const visibility = fc.constantFrom<Visibility>('private', 'organization', 'public');
/** Some of the fields, as an update names them. */
const some = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(fields, { requiredKeys: [] });

const storedKeys = fc.uniqueArray(fc.tuple(keyId, principal, audiences, models, expiresAt, fc.option(time)), {
  minLength: 1,
  maxLength: 2,
  selector: ([id]) => id,
});

/** One or two of the names, none of them twice. */
const names = (one: fc.Arbitrary<string>) => fc.uniqueArray(one, { minLength: 1, maxLength: 2 });

/** `w => w.method(…)` for each set of arguments. */
const each = <A extends readonly unknown[]>(
  args: { [I in keyof A]: fc.Arbitrary<A[I]> },
  run: (writes: Writes, ...args: A) => Promise<unknown>,
): fc.Arbitrary<Call> =>
  fc.tuple(...args).map(values => ({ args: values, run: writes => run(writes, ...(values as unknown as A)) }));

/** Of a key that comes back where it was ended, if it is to. */
async function digestAndRestored(reads: Reads, key_id: string, back: boolean) {
  const digest = digestOf(secretOf(key_id));
  const ended = back ? await reads.findRevokedKeys([{ key_id, digest }]) : undefined;
  return { digest, restored: ended?.get(key_id) };
}

const writesOf: Record<WriteMethod, fc.Arbitrary<Call>> = {
  insertUser: each([username, flag], (w, name, admin) => w.insertUser(user(name, admin))),
  insertUsers: each([names(username)], (w, all) =>
    w.insertUsers(all.map(name => ({ user: user(name), legacyKeyDigest: digestOf(`first legacy ${name}`) }))),
  ),
  deleteUser: each([username], (w, name) => w.deleteUser(name)),
  updateUser: each([username, some({ name: username, site_admin: flag, deactivated: flag })], (w, name, changes) =>
    w.updateUser(name, changes),
  ),
  setLegacyKey: each([username, time], (w, name, n) => w.setLegacyKey(name, digestOf(`legacy ${name} ${n}`))),
  endLegacyKey: each([username], (w, name) => w.endLegacyKey(name)),
  rememberEndedKeys: each([keyId, time], (w, id, at) =>
    w.rememberEndedKeys({ keyIds: new Map([[id, at]]), marks: new Map() }),
  ),
  insertApplication: each([application, username, flag], (w, name, by, deactivated) =>
    w.insertApplication({ name, owner: by, deactivated, created_at: 1 }),
  ),
  updateApplication: each([application, some({ owner: username, deactivated: flag })], (w, name, changes) =>
    w.updateApplication(name, changes),
  ),
  deleteApplication: each([application], (w, name) => w.deleteApplication(name)),
  replaceApiKey: each(
    [keyId, keyId, principal, expiresAt, until, flag],
    async (w, id, next, by, expires_at, then, back) => {
      const key = { ...keyOf(next, by), expires_at, replaces: id };
      return w.replaceApiKey(id, { key, ...(await digestAndRestored(w, next, back)) }, then);
    },
  ),
  revokeApiKey: each([keyId], (w, id) => w.revokeApiKey(id)),
  insertApiKeys: each([storedKeys, flag], async (w, keys, back) =>
    w.insertApiKeys(
      await Promise.all(
        keys.map(async ([id, by, audience, narrowed, expires_at, ended_at]) => ({
          key: { ...keyOf(id, by), audiences: audience, models: narrowed, expires_at, ended_at },
          ...(await digestAndRestored(w, id, back)),
        })),
      ),
    ),
  ),
  updateApiKeys: each(
    [fc.uniqueArray(keyId, { minLength: 1 }), some({ audiences, models, expires_at: expiresAt, comments: username })],
    (w, ids, changes) => w.updateApiKeys(ids.map(key_id => ({ key_id, changes }))),
  ),
  deleteApiKey: each([keyId], (w, id) => w.deleteApiKey(id)),
  deleteApiKeysOf: each([principal], (w, name) => w.deleteApiKeysOf(name)),
  insertTeam: each([team], (w, name) => w.insertTeam({ team: name, created_at: 1 })),
  deleteTeam: each([team], (w, name) => w.deleteTeam(name)),
  putTeamMembers: each([team, names(username), permission], (w, name, members, held) =>
    w.putTeamMembers(members.map(member => ({ team: name, username: member, permission: held }))),
  ),
  putTeamMember: each([team, username, permission], (w, name, member, held) => w.putTeamMember(name, member, held)),
  deleteTeamMember: each([team, username], (w, name, member) => w.deleteTeamMember(name, member)),
  insertProject: each([projectId, owner, visibility], (w, id, owned, seen) =>
    w.insertProject({ ...projectOf(id, ''), ...owned, visibility: seen }),
  ),
  insertProjects: each([names(projectId), owner], (w, ids, owned) =>
    w.insertProjects(ids.map(id => ({ ...projectOf(id, ''), ...owned }))),
  ),
  deleteProject: each([projectId], (w, id) => w.deleteProject(id)),
  updateProject: each([projectId, owner, some({ visibility, name: username })], (w, id, owned, changes) =>
    w.updateProject(id, { ...owned, ...changes }),
  ),
  putCollaborators: each([projectId, names(principal), permission], (w, project_id, all, held) =>
    w.putCollaborators(all.map(name => ({ project_id, principal: name, permission: held }))),
  ),
  putTeamCollaborators: each([projectId, names(team), mode, permission], (w, project_id, all, how, held) =>
    w.putTeamCollaborators(all.map(name => ({ project_id, team: name, mode: how, permission: held }))),
  ),
  putCollaborator: each([projectId, principal, permission], (w, id, name, held) => w.putCollaborator(id, name, held)),
  deleteCollaborator: each([projectId, principal], (w, id, name) => w.deleteCollaborator(id, name)),
  putTeamCollaborator: each([projectId, team, mode, permission], (w, id, name, how, held) =>
    w.putTeamCollaborator(id, name, how, held),
  ),
  deleteTeamCollaborator: each([projectId, team], (w, id, name) => w.deleteTeamCollaborator(id, name)),
  insertModel: each([modelId, projectId, flag], (w, id, project, shadow) =>
    w.insertModel({ ...modelOf(id, project), auth_shadow: shadow }),
  ),
  insertModels: each([names(modelId), projectId], (w, ids, project) =>
    w.insertModels(ids.map(id => modelOf(id, project))),
  ),
  deleteModel: each([modelId], (w, id) => w.deleteModel(id)),
  updateModel: each(
    [
      modelId,
      some({
        access_key: fc.constantFrom(...newAccessKeys),
        target: modelId,
        auth_enabled: flag,
        auth_shadow: flag,
        state: fc.constantFrom('running' as const, 'stopped' as const),
      }),
    ],
    (w, id, changes) => w.updateModel(id, changes),
  ),
  enableAuthentication: each([], async w =>
    w.enableAuthentication(await w.listModels({ limit: 100 }, undefined, { auth_enabled: false })),
  ),
  updateSettings: each([some({ stale_after_seconds: time, default_api_key_expiration_days: time })], (w, changes) =>
    w.updateSettings(changes),
  ),
  insertSession: each([fc.uuid(), username, time], (w, id, name, at) =>
    w.insertSession(id, {
      username: name,
      sign_in_method: 'link',
      created_at: at,
      last_used_at: at,
      expires_at: 4_000_000_000_000,
    }),
  ),
  deleteSession: each([fc.uuid()], (w, id) => w.deleteSession(id)),
  insertSignInLink: each([fc.uuid(), username], (w, id, name) =>
    w.insertSignInLink(id, { username: name, made_by: 'ada', expires_at: 4_000_000_000_000 }),
  ),
  takeSignInLink: each([fc.uuid()], (w, id) => w.takeSignInLink(id)),
  putOidcIdentity: each([username, fc.uuid()], (w, name, subject) =>
    w.putOidcIdentity(name, { issuer: 'https://id.example.org', subject }),
  ),
  deleteOidcIdentity: each([username], (w, name) => w.deleteOidcIdentity(name)),
  deleteAuditEvents: each([time], (w, lastId) => w.deleteAuditEvents(lastId)),
  audit: each([username], async (w, name) => w.audit('site.export', name)),
};

export const writeMethods = Object.keys(writesOf) as WriteMethod[];

/** Writes of one method. */
export function randomWriteOf(method: WriteMethod): fc.Arbitrary<RandomWrite> {
  return writesOf[method].map(call => ({ method, ...call }));
}

/** What mostly meets a name that is taken, or one that cannot be spared, is drawn more often. */
const mostlyRefused = /^(insert|replace|put.*s$|deleteUser|deleteTeamMember|deleteCollaborator|deleteProject)/;
export const randomWrite: fc.Arbitrary<RandomWrite> = fc.oneof(
  ...writeMethods.map(method => ({ weight: mostlyRefused.test(method) ? 3 : 1, arbitrary: randomWriteOf(method) })),
);

function secretOf(id: string): string {
  return `secret of ${id}`;
}
