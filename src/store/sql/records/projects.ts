import type { Knex } from 'knex';
import { changedFields } from '../../changed-fields.ts';
import type { ListedCollaborator, ProjectReads, ProjectWrites } from '../../project-store.ts';
import type { ProjectRecord } from '../../records.ts';
import { StoreError } from '../../store-error.ts';
import type { Recorder } from '../feed/recorder.ts';
import { projectPut } from '../feed/to-rows.ts';
import { withPrevious } from '../feed/with-previous.ts';
import { inChunks, mapInChunks } from '../statements/in-chunks.ts';
import { insertRows } from '../statements/insert-rows.ts';
import { type Listing, paged } from '../statements/page.ts';
import { aTeam, aUser, requireRows } from '../statements/require-rows.ts';
import { collaboratorWrites, deleteCollaborations } from './collaborators.ts';
import { findUnclearProjectIds, requireFreeProjectIds } from './free-names.ts';
import { deleteTeamCollaborations, teamCollaboratorWrites } from './team-collaborators.ts';

const listing: Listing = {
  id: 'project_id',
  searched: ['project_id', 'name'],
  sortable: { name: 'name', created_at: 'created_at' },
};
const collaboratorListing: Listing = {
  id: 'collaborators.principal',
  searched: ['collaborators.principal'],
  sortable: {},
};
const teamListing: Listing = { id: 'team', searched: ['team'], sortable: {} };

export function projectReads(db: Knex): ProjectReads {
  return {
    async findProject(projectId) {
      return toProject(await db('projects').where({ project_id: projectId }).first());
    },
    async findProjects(projectIds) {
      return mapInChunks(
        projectIds,
        chunk => db('projects').whereIn('project_id', chunk),
        row => [row.project_id, toProject(row) as ProjectRecord],
      );
    },
    async findStanding(project_id, principal) {
      const direct = await db('collaborators').where({ project_id, principal }).first('permission');
      const teams = await db('team_collaborators as added')
        .join('team_members as member', 'member.team', 'added.team')
        .where({ 'added.project_id': project_id, 'member.username': principal })
        .select('added.mode', 'added.permission', 'member.permission as held');
      return { collaborator: direct?.permission, teams };
    },
    async wasProject(projectId) {
      return (await db('audit_events').where({ project_id: projectId }).first('id')) !== undefined;
    },
    findUnclearProjectIds: limit => findUnclearProjectIds(db, limit),
    async listProjects(page, { collaborator, ...filter } = {}) {
      const query = paged(db('projects'), page, listing);
      if (collaborator !== undefined) {
        query.whereIn('project_id', projectsOpenedTo(db, collaborator));
      }
      for (const [column, value] of Object.entries(filter)) {
        if (value !== undefined) {
          query.where(column, value);
        }
      }
      return (await query.select('*')).map((row: Record<string, unknown>) => toProject(row) as ProjectRecord);
    },
    async listCollaborators(projectId, page) {
      const query = db('collaborators').where({ project_id: projectId });
      query.join('principals', 'principals.principal', 'collaborators.principal');
      const rows = await paged(query, page, collaboratorListing).select('collaborators.*', 'principals.kind');
      return rows as ListedCollaborator[];
    },
    async listTeamCollaborators(projectId, page) {
      return paged(db('team_collaborators').where({ project_id: projectId }), page, teamListing).select('*');
    },
    findCollaborators: projectIds => ofProjects(db, 'collaborators', 'principal', projectIds),
    findTeamCollaborators: projectIds => ofProjects(db, 'team_collaborators', 'team', projectIds),
  };
}

/** Ids of the projects that a principal was let into; neither to own one nor that it is public counts here. */
function projectsOpenedTo(db: Knex, principal: string): Knex.QueryBuilder {
  const teams = db('team_members').where({ username: principal }).select('team');
  return db('collaborators')
    .where({ principal })
    .select('project_id')
    .unionAll([
      db('team_collaborators').whereIn('team', teams).select('project_id'),
      db('projects').whereIn('owner_team', teams).where({ visibility: 'organization' }).select('project_id'),
    ]);
}

async function ofProjects<T>(db: Knex, table: string, column: string, projectIds?: readonly string[]): Promise<T[]> {
  const rows = projectIds
    ? await inChunks(projectIds, chunk => db(table).whereIn('project_id', chunk).orderBy(['project_id', column]))
    : await db(table).orderBy(['project_id', column]);
  return rows as T[];
}

export function projectWrites(tx: Knex.Transaction, recorder: Recorder): ProjectWrites {
  const { findProject } = projectReads(tx);
  const insertProjects = (projects: readonly ProjectRecord[]) => insertAll(tx, recorder, projects);
  return {
    insertProject: async (project, maker) => {
      await insertProjects([project]);
      await tx('projects')
        .where({ project_id: project.project_id })
        .update({ made_by: maker ?? null });
    },
    insertProjects,
    async updateProject(projectId, wanted) {
      const old = await findProject(projectId);
      if (!old) {
        throw noProject(projectId);
      }
      const changed = changedFields(old, wanted);
      if (Object.keys(changed).length > 0) {
        const project = { ...old, ...changed };
        await requireOwners(tx, [project]);
        await tx('projects').where({ project_id: projectId }).update(changed);
        recorder.change(projectPut(project));
        recorder.audit('project.update', projectId, withPrevious(changed, old), projectId);
      }
    },
    async deleteProject(projectId) {
      if (!(await findProject(projectId))) {
        throw noProject(projectId);
      }
      await requireNoModels(tx, projectId);
      await deleteTeamCollaborations(tx, recorder, { project_id: projectId });
      await deleteCollaborations(tx, recorder, { project_id: projectId });
      await tx('projects').where({ project_id: projectId }).delete();
      recorder.change({ op: 'delete', kind: 'project', id: projectId });
      recorder.audit('project.delete', projectId, {}, projectId);
    },
    ...collaboratorWrites(tx, recorder),
    ...teamCollaboratorWrites(tx, recorder),
  };
}

async function insertAll(tx: Knex.Transaction, recorder: Recorder, projects: readonly ProjectRecord[]): Promise<void> {
  const ids = projects.map(({ project_id }) => project_id);
  await requireFreeProjectIds(tx, ids);
  await requireOwners(tx, projects);
  await insertRows(tx, 'projects', projects);
  for (const project of projects) {
    const { project_id, name, owner_user, owner_team, visibility } = project;
    recorder.change(projectPut(project));
    recorder.audit('project.create', project_id, { name, owner_user, owner_team, visibility }, project_id);
  }
}

async function requireOwners(tx: Knex.Transaction, projects: readonly ProjectRecord[]): Promise<void> {
  const users = projects.flatMap(({ owner_user }) => owner_user ?? []);
  const teams = projects.flatMap(({ owner_team }) => owner_team ?? []);
  await requireRows(tx, aUser, users);
  await requireRows(tx, aTeam, teams);
}

async function requireNoModels(tx: Knex.Transaction, projectId: string): Promise<void> {
  const counted = await tx('models').where({ project_id: projectId }).count({ count: '*' }).first();
  const count = Number(counted?.['count'] ?? 0);
  if (count > 0) {
    const models = count === 1 ? '1 model' : `${count} models`;
    throw new StoreError(
      'has_dependents',
      `project ${projectId} has ${models}: delete ${count === 1 ? 'it' : 'them'} first, or ask for all at once with cascade=true (--with-models)`,
    );
  }
}

function noProject(projectId: string): StoreError {
  return new StoreError('not_found', `there is no project ${projectId}`);
}

function toProject(row: Record<string, unknown> | undefined): ProjectRecord | undefined {
  if (!row) {
    return undefined;
  }
  const { made_by: _, ...columns } = row;
  return { ...columns, created_at: Number(row['created_at']) } as unknown as ProjectRecord;
}
