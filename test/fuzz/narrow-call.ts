import { isDeepStrictEqual } from 'node:util';
import { type Change, idOf, type Put, type Rows } from '../../src/changes/change-set.ts';
import { application, type FuzzSite, rowsOf } from './fuzz-site.ts';

/** One request to the admin API. */
export interface AdminCall {
  readonly method: 'PUT' | 'PATCH' | 'DELETE' | 'POST';
  readonly path: string;
  readonly body?: unknown;
}

/** The API's own operation for a change of one thing; undefined where there is none, or more than one thing changes. */
export function narrowCall(before: FuzzSite, after: FuzzSite): AdminCall | undefined {
  // A team is no row of its own.
  if (!isDeepStrictEqual([...before.teams.keys()].sort(), [...after.teams.keys()].sort())) return undefined;
  const [old, wanted] = [byId(rowsOf(before)), byId(rowsOf(after))];
  const changes: Change[] = [];
  for (const [id, put] of wanted) {
    if (!isDeepStrictEqual(old.get(id), put)) changes.push(put);
  }
  for (const [id, { kind }] of old) {
    if (!wanted.has(id)) changes.push({ op: 'delete', kind, id: id.slice(kind.length + 1) });
  }
  const [change] = changes;
  if (change === undefined || changes.length > 1) return undefined;
  const known = old.get(change.op === 'put' ? keyOf(change) : `${change.kind} ${change.id}`);
  const call = change.op === 'put' ? callToPut(change, known) : callToDelete(known as Put);
  return call && { ...call, path: `/api/v2${call.path}` };
}

function callToPut({ kind, row }: Put, known: Put | undefined): AdminCall | undefined {
  switch (kind) {
    case 'team_member':
      return { method: 'PUT', path: memberPath(row), body: { permission: row.permission } };
    case 'collaborator':
      return { method: 'PUT', path: collaboratorPath(row), body: { permission: row.permission } };
    case 'team_collaborator': {
      const { mode, permission } = row;
      return { method: 'PUT', path: teamPath(row), body: mode === 'inherit' ? { mode } : { mode, permission } };
    }
    case 'model':
      return known?.kind === 'model' ? modelPatch(known.row, row) : undefined;
    case 'project':
      return known?.kind === 'project' ? projectPatch(known.row, row) : undefined;
    default:
      return undefined;
  }
}

function modelPatch(old: Rows['model'], row: Rows['model']): AdminCall | undefined {
  const { auth_shadow, stopped, ...rest } = row;
  const body = { auth_shadow, state: stopped ? 'stopped' : 'running' };
  const isAll = isDeepStrictEqual({ ...old, auth_shadow, stopped }, { ...rest, auth_shadow, stopped });
  return isAll ? { method: 'PATCH', path: modelPath(row), body } : undefined;
}

/** Whose it is: by a document only, which may name an owner who is deactivated. */
function projectPatch(old: Rows['project'], { visibility, ...rest }: Rows['project']): AdminCall | undefined {
  const isAll = isDeepStrictEqual({ ...old, visibility }, { ...rest, visibility });
  return isAll ? { method: 'PATCH', path: `/projects/${rest.project_id}`, body: { visibility } } : undefined;
}

function callToDelete({ kind, row }: Put): AdminCall | undefined {
  switch (kind) {
    case 'team_member':
      return { method: 'DELETE', path: memberPath(row) };
    case 'collaborator':
      return { method: 'DELETE', path: collaboratorPath(row) };
    case 'team_collaborator':
      return { method: 'DELETE', path: teamPath(row) };
    case 'model':
      return { method: 'DELETE', path: modelPath(row) };
    case 'api_key': {
      const of = row.principal === application ? 'applications' : 'users';
      return { method: 'DELETE', path: `/${of}/${row.principal}/v2_keys/${row.key_id}` };
    }
    default:
      return undefined;
  }
}

const memberPath = ({ team, principal }: Rows['team_member']) => `/teams/${team}/members/${principal}`;
const collaboratorPath = (row: Rows['collaborator']) => `/projects/${row.project_id}/collaborators/${row.principal}`;
const teamPath = (row: Rows['team_collaborator']) => `/projects/${row.project_id}/team_collaborators/${row.team}`;
const modelPath = (row: Rows['model']) => `/projects/${row.project_id}/models/${row.model_id}`;
const keyOf = (put: Put) => `${put.kind} ${idOf(put)}`;

function byId(rows: readonly Put[]): Map<string, Put> {
  return new Map(rows.map(put => [keyOf(put), put]));
}
