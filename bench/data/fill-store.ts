import { digestOf } from '../../src/keys/digest.ts';
import type { ApiKeyRecord, ModelRecord, ProjectRecord, UserRecord } from '../../src/store/records.ts';
import type { Author, Store, Writes } from '../../src/store/store.ts';
import { note } from '../report/say.ts';
import { inPieces, type KeyLine, type ModelLine, readKeys, readMembers, readModels } from './tables.ts';

const author: Author = { actor: 'system', address: '' };
/** Rows of a transaction: each is one wait for the disk, and all of its changes are in memory until then. */
const rowsPerWrite = 10_000;
/** When everything was made: long ago, and the same in every run. */
const createdAt = Date.UTC(2025, 0, 1);

/**
 * Writes the tables through the store's own writes, so that the server reads what it would have written itself: rows,
 * row checks, changes and audit. The owner of all projects must be there already.
 */
export async function fillStore(store: Store, tables: string, owner: string): Promise<void> {
  const write = (change: (writes: Writes) => Promise<void>) => store.write(author, change);
  const { users, projects } = await namesIn(tables);
  for (const piece of pieces([...users], rowsPerWrite)) {
    const all = piece.map(([name, active]) => ({ user: toUser(name, active), legacyKeyDigest: digestOf(name) }));
    await write(writes => writes.insertUsers(all));
  }
  for (const piece of pieces([...projects], rowsPerWrite)) {
    await write(writes => writes.insertProjects(piece.map(name => toProject(name, owner))));
  }
  for await (const piece of inPieces(readModels(tables), rowsPerWrite)) {
    await write(writes => writes.insertModels(piece.map(toModel)));
  }
  for await (const piece of inPieces(readMembers(tables), rowsPerWrite)) {
    await write(writes =>
      writes.putCollaborators(
        piece.map(({ project, principal, permission }) => ({ project_id: project, principal, permission })),
      ),
    );
  }
  let count = 0;
  for await (const piece of inPieces(readKeys(tables), rowsPerWrite)) {
    await write(writes =>
      writes.insertApiKeys(piece.map(line => ({ key: toApiKey(line, Date.now()), digest: line.digest }))),
    );
    count += piece.length;
    if (count % 100_000 === 0) {
      note(`  ${count.toLocaleString('en')} keys written`);
    }
  }
}

/** Every user with whether it is active, and every project. */
async function namesIn(tables: string): Promise<{ users: Map<string, boolean>; projects: Set<string> }> {
  const users = new Map<string, boolean>();
  const projects = new Set<string>();
  for await (const { owner, ownerActive } of readKeys(tables)) {
    users.set(owner, ownerActive);
  }
  for await (const { project, principal } of readMembers(tables)) {
    projects.add(project);
    users.set(principal, users.get(principal) ?? true);
  }
  for await (const { project } of readModels(tables)) {
    projects.add(project);
  }
  return { users, projects };
}

function* pieces<T>(all: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < all.length; at += size) {
    yield all.slice(at, at + size);
  }
}

function toUser(username: string, active: boolean): UserRecord {
  return { username, name: '', email: '', site_admin: false, deactivated: !active, created_at: createdAt };
}

function toProject(project_id: string, owner_user: string): ProjectRecord {
  return { project_id, name: project_id, owner_user, owner_team: null, visibility: 'private', created_at: createdAt };
}

function toModel({ accessKey, model, project, authEnabled }: ModelLine): ModelRecord {
  return {
    model_id: model,
    project_id: project,
    name: model,
    access_key: accessKey,
    target: model,
    auth_enabled: authEnabled,
    auth_shadow: false,
    state: 'running',
    created_at: createdAt,
  };
}

/** The keys of who is not active are ended, as an import of a site ends them. */
function toApiKey({ keyId, owner, ownerActive, expiry, forApi }: KeyLine, now: number): ApiKeyRecord {
  return {
    key_id: keyId,
    principal: owner,
    comments: '',
    audiences: [forApi ? 'API' : 'Application'],
    models: null,
    created_at: createdAt,
    created_by: null,
    expires_at: expiry === 0 ? null : expiry * 1000,
    ended_at: ownerActive ? null : now,
    replaces: null,
    replaced_by: null,
    last_used_at: null,
    last_used_model: null,
  };
}
