import type { Knex } from 'knex';
import { pairId } from '../../changes/change-set.ts';
import type { CollaboratorRecord, ProjectRecord, TeamCollaboratorRecord } from '../records.ts';
import type { ProjectReads, ProjectWrites } from '../store.ts';
import { StoreError } from '../store-error.ts';
import { changedFields } from './changed-fields.ts';
import { type Listing, paged } from './page.ts';
import type { Recorder } from './recorder.ts';
import { collaboratorPut, projectPut, teamCollaboratorPut } from './to-rows.ts';

const listing: Listing = {
  id: 'project_id',
  searched: ['project_id', 'name'],
  sortable: { name: 'name', created_at: 'created_at' },
};

export function projectReads(db: Knex): ProjectReads {
  return {
    async findProject(projectId) {
      return toProject(await db('projects').where({ project_id: projectId }).first());
    },
    async listProjects(page) {
      const rows = await paged(db('projects'), page, listing).select('*');
      return rows.map((row: Record<string, unknown>) => toProject(row) as ProjectRecord);
    },
    async listCollaborators(projectId) {
      return (await db('collaborators').where({ project_id: projectId }).orderBy('principal')) as CollaboratorRecord[];
    },
    async listTeamCollaborators(projectId) {
      return (await db('team_collaborators')
        .where({ project_id: projectId })
        .orderBy('team')) as TeamCollaboratorRecord[];
    },
  };
}

export function projectWrites(tx: Knex.Transaction, recorder: Recorder): ProjectWrites {
  const { findProject } = projectReads(tx);
  return {
    async insertProject(project) {
      if (await findProject(project.project_id)) {
        throw new StoreError('conflict', `there is a project ${project.project_id} already`);
      }
      await requireOwner(tx, project);
      await tx('projects').insert(project);
      recorder.change(projectPut(project));
      const { name, owner_user, owner_team, visibility } = project;
      recorder.audit(
        'project.create',
        project.project_id,
        { name, owner_user, owner_team, visibility },
        project.project_id,
      );
    },
    async updateProject(projectId, wanted) {
      const old = await findProject(projectId);
      if (!old) {
        throw noProject(projectId);
      }
      const changed = changedFields(old, wanted);
      if (Object.keys(changed).length > 0) {
        const project = { ...old, ...changed };
        await requireOwner(tx, project);
        await tx('projects').where({ project_id: projectId }).update(changed);
        recorder.change(projectPut(project));
        recorder.audit('project.update', projectId, changed, projectId);
      }
    },
    ...collaboratorWrites(tx, recorder),
    ...teamCollaboratorWrites(tx, recorder),
  };
}

function collaboratorWrites(
  tx: Knex.Transaction,
  recorder: Recorder,
): Pick<ProjectWrites, 'putCollaborator' | 'deleteCollaborator'> {
  return {
    async putCollaborator(projectId, principal, permission) {
      await requireRow(tx, 'projects', { project_id: projectId }, `project ${projectId}`);
      await requireRow(tx, 'principals', { principal }, `user or application ${principal}`);
      const old = await tx('collaborators').where({ project_id: projectId, principal }).first('permission');
      if (old?.permission !== permission) {
        const collaborator = { project_id: projectId, principal, permission };
        await tx('collaborators').insert(collaborator).onConflict(['project_id', 'principal']).merge();
        recorder.change(collaboratorPut(collaborator));
        recorder.audit('collaborator.put', pairId(projectId, principal), { permission }, projectId);
      }
    },
    async deleteCollaborator(projectId, principal) {
      if ((await tx('collaborators').where({ project_id: projectId, principal }).delete()) === 0) {
        throw new StoreError('not_found', `${principal} is no collaborator of project ${projectId}`);
      }
      recorder.change({ op: 'delete', kind: 'collaborator', id: pairId(projectId, principal) });
      recorder.audit('collaborator.delete', pairId(projectId, principal), {}, projectId);
    },
  };
}

function teamCollaboratorWrites(
  tx: Knex.Transaction,
  recorder: Recorder,
): Pick<ProjectWrites, 'putTeamCollaborator' | 'deleteTeamCollaborator'> {
  return {
    async putTeamCollaborator(projectId, team, mode, permission) {
      await requireRow(tx, 'projects', { project_id: projectId }, `project ${projectId}`);
      await requireRow(tx, 'teams', { team }, `team ${team}`);
      const old = await tx('team_collaborators').where({ project_id: projectId, team }).first('mode', 'permission');
      if (old?.permission !== permission || old.mode !== mode) {
        const added = { project_id: projectId, team, mode, permission };
        await tx('team_collaborators').insert(added).onConflict(['project_id', 'team']).merge();
        recorder.change(teamCollaboratorPut(added));
        recorder.audit('team_collaborator.put', pairId(projectId, team), { mode, permission }, projectId);
      }
    },
    async deleteTeamCollaborator(projectId, team) {
      if ((await tx('team_collaborators').where({ project_id: projectId, team }).delete()) === 0) {
        throw new StoreError('not_found', `team ${team} was not added to project ${projectId}`);
      }
      recorder.change({ op: 'delete', kind: 'team_collaborator', id: pairId(projectId, team) });
      recorder.audit('team_collaborator.delete', pairId(projectId, team), {}, projectId);
    },
  };
}

async function requireOwner(tx: Knex.Transaction, { owner_user, owner_team }: ProjectRecord): Promise<void> {
  if (owner_user !== null) {
    await requireRow(tx, 'principals', { principal: owner_user, kind: 'user' }, `user ${owner_user}`);
  }
  if (owner_team !== null) {
    await requireRow(tx, 'teams', { team: owner_team }, `team ${owner_team}`);
  }
}

async function requireRow(tx: Knex.Transaction, table: string, where: object, what: string): Promise<void> {
  if (!(await tx(table).where(where).first())) {
    throw new StoreError('not_found', `there is no ${what}`);
  }
}

function noProject(projectId: string): StoreError {
  return new StoreError('not_found', `there is no project ${projectId}`);
}

function toProject(row: Record<string, unknown> | undefined): ProjectRecord | undefined {
  return row && ({ ...row, created_at: Number(row['created_at']) } as unknown as ProjectRecord);
}
