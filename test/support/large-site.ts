import { digestOf } from '../../src/keys/digest.ts';
import type { ApiKeyRecord, ModelRecord, UserRecord } from '../../src/store/records.ts';
import type { Store, Writes } from '../../src/store/store.ts';
import { author } from './store.ts';

/** How many of each thing a large site has. */
export interface SiteSize {
  readonly users: number;
  readonly keys: number;
  readonly models: number;
}

/** What the admin plane must carry. */
export const largeSite: SiteSize = { users: 100_000, keys: 1_000_000, models: 20_000 };

/** Who holds more keys than a page shows, and the application that holds far more. */
export const heavy = { user: 'user-000007', userKeys: 2_000, application: 'fleet', applicationKeys: 20_000 };

export const modelsPerProject = 10;
/** Rows of a transaction: all of its changes are in memory until then. */
const rowsPerWrite = 10_000;
const dayMs = 86_400_000;

/** Ids in an order by which a deep page can be asked for. */
export const userName = (n: number) => `user-${String(n).padStart(6, '0')}`;
export const projectId = (n: number) => `project-${String(n).padStart(5, '0')}`;
export const modelId = (n: number) => `model-${String(n).padStart(5, '0')}`;

/**
 * Fills a store whose site admin `root` is there already: users of different names, an application, projects of ten models
 * each with a handful of collaborators, and keys of which a tenth is expired and a fifth was used. All models have
 * authentication off.
 */
export async function fillLargeSite(store: Store, { users, keys, models }: SiteSize): Promise<void> {
  const now = Date.now();
  const projects = Math.ceil(models / modelsPerProject);
  await inWrites(store, users, (writes, some) => writes.insertUsers(some.map(n => newUser(n, now))));
  await store.write(author, writes =>
    writes.insertApplication({ name: heavy.application, owner: userName(1), deactivated: false, created_at: now }),
  );
  await inWrites(store, 1000, async (writes, some) => {
    for (const n of some) await writes.insertTeam({ team: `team-${n}`, created_at: now - n });
    await writes.putTeamMembers(
      some.map(n => ({ team: `team-${n}`, username: userName(n % users), permission: 'admin' })),
    );
  });
  await inWrites(store, projects, async (writes, some) => {
    await writes.insertProjects(some.map(n => newProject(n, users, now)));
    await writes.putCollaborators(some.flatMap(n => collaborators(n, users)));
  });
  await inWrites(store, models, (writes, some) => writes.insertModels(some.map(n => newModel(n, now))));
  await inWrites(store, keys, (writes, some) => writes.insertApiKeys(some.map(n => newKey(n, users, now))));
  const uses = Array.from({ length: Math.floor(keys / 5) }, (_, n) => n * 5);
  await store.recordKeyUses(
    uses.map(n => ({ key_id: keyId(n), model_id: modelId(n % models), at: now - (n % 300) * dayMs })),
  );
}

/** Runs a write for stretches of the numbers below a count. */
async function inWrites(
  store: Store,
  count: number,
  write: (writes: Writes, numbers: readonly number[]) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < count; from += rowsPerWrite) {
    const numbers = Array.from({ length: Math.min(rowsPerWrite, count - from) }, (_, n) => from + n);
    await store.write(author, writes => write(writes, numbers));
  }
}

const names = ['Ada', 'Ben', 'Chloé', 'Dmitri', 'Emeka', 'Fatima', 'Grace', 'Hiro', 'Ines', 'Jürgen'];

function newUser(n: number, now: number): { user: UserRecord; legacyKeyDigest: string } {
  const username = userName(n);
  const user = {
    username,
    name: `${names[n % names.length]} ${(n * 7919) % 100_003}`,
    email: `${username}@example.org`,
    site_admin: false,
    deactivated: n % 50 === 49,
    created_at: now - ((n * 31) % 1000) * dayMs,
  };
  return { user, legacyKeyDigest: digestOf(`legacy key of ${username}`) };
}

function newProject(n: number, users: number, now: number) {
  const project_id = projectId(n);
  const owner = { owner_user: userName((n * 13) % users), owner_team: null };
  return { project_id, name: `Project ${(n * 271) % 9973}`, ...owner, visibility: 'private' as const, created_at: now };
}

function collaborators(n: number, users: number) {
  const principals = new Set(Array.from({ length: 5 }, (_, each) => userName((n * 5 + each) % users)));
  return [...principals].map(principal => ({ project_id: projectId(n), principal, permission: 'read' as const }));
}

function newModel(n: number, now: number): ModelRecord {
  const model_id = modelId(n);
  return {
    model_id,
    project_id: projectId(Math.floor(n / modelsPerProject)),
    name: `Model ${(n * 7919) % 100_003}`,
    access_key: `m-access-key-of-${model_id}`,
    target: model_id,
    auth_enabled: false,
    auth_shadow: false,
    state: 'running',
    created_at: now - (n % 500) * dayMs,
  };
}

export const keyId = (n: number) => `key-${((n * 7919) % 1_000_003).toString(36).padStart(4, '0')}-${n}`;

function newKey(n: number, users: number, now: number): { key: ApiKeyRecord; digest: string } {
  const ofApplication = n < heavy.applicationKeys;
  const ofHeavy = !ofApplication && n < heavy.applicationKeys + heavy.userKeys;
  const key = {
    key_id: keyId(n),
    principal: ofApplication ? heavy.application : ofHeavy ? heavy.user : userName(n % users),
    comments: `for job ${n % 997}`,
    audiences: ['API'],
    models: null,
    created_at: now - 200 * dayMs,
    created_by: null,
    expires_at: now + ((n % 400) - 40) * dayMs,
    ended_at: null,
    replaces: null,
    replaced_by: null,
    last_used_at: null,
    last_used_model: null,
  };
  return { key, digest: digestOf(`API key number ${n}`) };
}
