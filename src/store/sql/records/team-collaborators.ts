import type { Knex } from 'knex';
import { pairId } from '../../../changes/change-set.ts';
import { changedFields } from '../../changed-fields.ts';
import type { ProjectWrites } from '../../project-store.ts';
import type { TeamCollaboratorRecord } from '../../records.ts';
import { StoreError } from '../../store-error.ts';
import type { Recorder } from '../feed/recorder.ts';
import { teamCollaboratorPut } from '../feed/to-rows.ts';
import { withPrevious } from '../feed/with-previous.ts';
import { inChunks } from '../statements/in-chunks.ts';
import { insertRows } from '../statements/insert-rows.ts';
import { aProject, aTeam, requireRows } from '../statements/require-rows.ts';

const table = 'team_collaborators';

export function teamCollaboratorWrites(
  tx: Knex.Transaction,
  recorder: Recorder,
): Pick<ProjectWrites, 'putTeamCollaborator' | 'putTeamCollaborators' | 'deleteTeamCollaborator'> {
  const putTeamCollaborators = (added: readonly TeamCollaboratorRecord[]) => putAll(tx, recorder, added);
  return {
    putTeamCollaborator: (project_id, team, mode, permission) =>
      putTeamCollaborators([{ project_id, team, mode, permission }]),
    putTeamCollaborators,
    async deleteTeamCollaborator(projectId, team) {
      if ((await deleteTeamCollaborations(tx, recorder, { project_id: projectId, team })) === 0) {
        throw new StoreError('not_found', `team ${team} was not added to project ${projectId}`);
      }
    },
  };
}

async function putAll(
  tx: Knex.Transaction,
  recorder: Recorder,
  added: readonly TeamCollaboratorRecord[],
): Promise<void> {
  const projectIds = added.map(({ project_id }) => project_id);
  const teams = added.map(({ team }) => team);
  await requireRows(tx, aProject, projectIds);
  await requireRows(tx, aTeam, teams);
  const pairs = added.map(({ project_id, team }) => [project_id, team]);
  const rows: TeamCollaboratorRecord[] = await inChunks(pairs, chunk =>
    tx(table).whereIn(['project_id', 'team'], chunk),
  );
  const known = new Map(rows.map(row => [pairId(row.project_id, row.team), row]));
  const created = added.filter(({ project_id, team }) => !known.has(pairId(project_id, team)));
  await insertRows(tx, table, created);
  for (const each of added) {
    const { project_id, team, mode, permission } = each;
    const old = known.get(pairId(project_id, team));
    if (!old || Object.keys(changedFields(old, each)).length > 0) {
      if (old) {
        await tx(table).where({ project_id, team }).update({ mode, permission });
      }
      recorder.change(teamCollaboratorPut(each));
      recorder.audit(
        'team_collaborator.put',
        pairId(project_id, team),
        withPrevious({ mode, permission }, old),
        project_id,
      );
    }
  }
}

/** Deletes the teams' places in projects that match, and answers how many there were. */
export async function deleteTeamCollaborations(
  tx: Knex.Transaction,
  recorder: Recorder,
  where: { readonly project_id?: string; readonly team?: string },
): Promise<number> {
  const rows: TeamCollaboratorRecord[] = await tx(table).where(where).orderBy(['project_id', 'team']);
  await tx(table).where(where).delete();
  for (const { project_id, team, mode, permission } of rows) {
    recorder.change({ op: 'delete', kind: 'team_collaborator', id: pairId(project_id, team) });
    recorder.audit(
      'team_collaborator.delete',
      pairId(project_id, team),
      { previous: { mode, permission } },
      project_id,
    );
  }
  return rows.length;
}
