import type { Kind, Put } from '../../changes/change-set.ts';
import type { ApiKeyRecord, ModelRecord } from '../records.ts';
import {
  apiKeyPut,
  applicationPut,
  collaboratorPut,
  modelPut,
  projectPut,
  teamCollaboratorPut,
  teamMemberPut,
  userPut,
} from './to-rows.ts';

/** A value as a page brings it: texts are texts and numbers whole numbers, whatever a hand or a bad disk made of them. */
export type Value = string | number | null;

/** Where the rows of a kind lie, and how they are read many at a time. */
export interface Source {
  readonly kind: Exclude<Kind, 'settings'>;
  readonly table: string;
  /** Columns that make a row's id. */
  readonly id: readonly string[];
  readonly texts: readonly string[];
  readonly numbers: readonly string[];
  /** Only rows of which this holds, in SQL, are there for a check. */
  readonly where: string;
  /** The row as a check reads it, from its texts and then its numbers. Throws where it can't be read. */
  readonly toPut: (values: readonly Value[]) => Put;
}

/** One page of a table: rows as their texts, their numbers, and last their check. */
export interface Page {
  readonly rows: readonly (readonly Value[])[];
  /** Where the next page begins; undefined: there is none. */
  readonly next: number | undefined;
}

/** Reads the rows that come after a mark, or the first ones after 0, in one statement. An engine's own way is many times faster than row by row. */
export type ReadPage<Tx> = (tx: Tx, source: Source, after: number) => Promise<Page>;

/** What nearly all keys are for: to parse it each time takes as long as all else of a row. */
const usualAudiences = '["API"]';

export const sources: readonly Source[] = [
  {
    kind: 'principal',
    table: 'principals',
    id: ['principal'],
    texts: ['principal', 'kind'],
    numbers: ['deactivated'],
    where: 'true',
    toPut: ([name, kind, off]) =>
      kind === 'user'
        ? userPut({ username: String(name), deactivated: Boolean(off) })
        : applicationPut({ name: String(name), deactivated: Boolean(off) }),
  },
  {
    kind: 'team_member',
    table: 'team_members',
    id: ['team', 'username'],
    texts: ['team', 'username', 'permission'],
    numbers: [],
    where: 'true',
    toPut: ([team, username, permission]) => teamMemberPut({ team, username, permission } as never),
  },
  {
    kind: 'project',
    table: 'projects',
    id: ['project_id'],
    texts: ['project_id', 'owner_user', 'owner_team', 'visibility'],
    numbers: [],
    where: 'true',
    toPut: ([project_id, owner_user, owner_team, visibility]) =>
      projectPut({ project_id, owner_user, owner_team, visibility } as never),
  },
  {
    kind: 'collaborator',
    table: 'collaborators',
    id: ['project_id', 'principal'],
    texts: ['project_id', 'principal', 'permission'],
    numbers: [],
    where: 'true',
    toPut: ([project_id, principal, permission]) => collaboratorPut({ project_id, principal, permission } as never),
  },
  {
    kind: 'team_collaborator',
    table: 'team_collaborators',
    id: ['project_id', 'team'],
    texts: ['project_id', 'team', 'mode', 'permission'],
    numbers: [],
    where: 'true',
    toPut: ([project_id, team, mode, permission]) =>
      teamCollaboratorPut({ project_id, team, mode, permission } as never),
  },
  {
    kind: 'model',
    table: 'models',
    id: ['model_id'],
    texts: ['model_id', 'project_id', 'access_key', 'target', 'state'],
    numbers: ['auth_enabled', 'auth_shadow'],
    where: 'true',
    toPut: ([model_id, project_id, access_key, target, state, enabled, shadow]) =>
      modelPut({
        ...({ model_id, project_id, access_key: String(access_key), target, state } as ModelRecord),
        auth_enabled: Boolean(enabled),
        auth_shadow: Boolean(shadow),
      }),
  },
  {
    kind: 'api_key',
    table: 'api_keys',
    id: ['key_id'],
    texts: ['key_id', 'digest', 'principal', 'audiences', 'models'],
    numbers: ['expires_at'],
    where: 'ended_at is null',
    toPut: ([key_id, digest, principal, audiences, models, expires_at]) =>
      apiKeyPut(
        {
          ...({ key_id, principal, expires_at } as ApiKeyRecord),
          audiences: audiences === usualAudiences ? ['API'] : JSON.parse(String(audiences)),
          models: models === null ? null : JSON.parse(String(models)),
        },
        String(digest),
      ),
  },
];
