import type { Everything, Put } from '../../src/changes/change-set.ts';
import { PackedRows } from '../../src/changes/packed-rows.ts';
import { FlatIndex } from '../../src/snapshot/flat-index.ts';
import { openStore } from '../../src/store/sqlite/open-store.ts';
import type { Author, Store, Writes } from '../../src/store/store.ts';
import { dataDirectory } from './data-directory.ts';

/** Every engine that must meet the store's contract. */
export const engines: readonly { readonly name: string; readonly open: () => Promise<Store> }[] = [
  { name: 'sqlite', open: () => openSqlite() },
];

export function openSqlite(directory: string = dataDirectory()): Promise<Store> {
  return openStore({ dataDirectory: directory, now: Date.now, observe: () => undefined });
}

export const author: Author = { actor: 'tester', address: '127.0.0.1' };

export const user = (username: string, site_admin = false) => ({
  username,
  name: '',
  email: '',
  site_admin,
  deactivated: false,
  created_at: 1,
});

export const projectOf = (project_id: string, owner_user: string) => ({
  project_id,
  name: project_id,
  owner_user,
  owner_team: null,
  visibility: 'private' as const,
  created_at: 1,
});

export const modelOf = (model_id: string, project_id: string) => ({
  model_id,
  project_id,
  name: model_id,
  access_key: `m-access-key-of-${model_id}`,
  target: model_id,
  auth_enabled: true,
  auth_shadow: false,
  state: 'running' as const,
  created_at: 1,
});

export const keyOf = (key_id: string, principal: string) => ({
  key_id,
  principal,
  comments: '',
  audiences: ['API'],
  models: null,
  created_at: 1,
  created_by: null,
  expires_at: null,
  ended_at: null,
  replaces: null,
  replaced_by: null,
  last_used_at: null,
  last_used_model: null,
});

export const applicationOf = (name: string, owner: string) => ({ name, owner, deactivated: false, created_at: 1 });

/** The whole content in one piece, with only the rows that are as they were written. */
export async function everythingIn(store: Store): Promise<Everything> {
  const all: Put[] = [];
  let at = { epoch: '', revision: -1 };
  for await (const { epoch, revision, puts, page } of store.everything()) {
    at = { epoch, revision };
    all.push(...puts.filter(put => put !== undefined));
    for (const rows = page && new PackedRows(page); rows?.next(); ) {
      const put = rows.toPut();
      if (put) all.push(put);
    }
  }
  return { ...at, puts: all };
}

/** The whole content as a follower has it that knew everything at a revision and took every change since. */
export async function followed(store: Store, before: Everything): Promise<Everything> {
  const index = FlatIndex.build(before);
  for (const { revision, changes } of await store.changesSince(before.revision)) {
    index.apply(revision, changes);
  }
  return index.everything();
}

/** Ada owns project p with model fraud; Ben is its viewer and has key k1. */
export async function fillSite(writes: Writes): Promise<void> {
  await writes.insertUser(user('ada'));
  await writes.insertUser(user('ben'));
  await writes.insertTeam({ team: 't', created_at: 1 });
  await writes.putTeamMember('t', 'ben', 'write');
  await writes.insertProject(projectOf('p', 'ada'));
  await writes.putCollaborator('p', 'ben', 'read');
  await writes.putTeamCollaborator('p', 't', 'inherit', 'read');
  await writes.insertModel(modelOf('fraud', 'p'));
  await writes.insertApiKeys([{ key: keyOf('k1', 'ben'), digest: 'd'.repeat(64) }]);
}

/** The code of the StoreError that a promise rejects with. */
export const rejectedCode = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    error => error.code,
  );
