import type { Knex } from 'knex';
import { pairId } from '../../../changes/change-set.ts';
import type { ProjectWrites } from '../../project-store.ts';
import type { CollaboratorRecord } from '../../records.ts';
import { StoreError } from '../../store-error.ts';
import type { Recorder } from '../feed/recorder.ts';
import { collaboratorPut } from '../feed/to-rows.ts';
import { withPrevious } from '../feed/with-previous.ts';
import { inChunks } from '../statements/in-chunks.ts';
import { insertRows } from '../statements/insert-rows.ts';
import { aPrincipal, aProject, requireRows } from '../statements/require-rows.ts';

const table = 'collaborators';

export function collaboratorWrites(
  tx: Knex.Transaction,
  recorder: Recorder,
): Pick<ProjectWrites, 'putCollaborator' | 'putCollaborators' | 'deleteCollaborator'> {
  const putCollaborators = (collaborators: readonly CollaboratorRecord[]) => putAll(tx, recorder, collaborators);
  return {
    putCollaborator: (project_id, principal, permission) => putCollaborators([{ project_id, principal, permission }]),
    putCollaborators,
    async deleteCollaborator(projectId, principal) {
      if ((await deleteCollaborations(tx, recorder, { project_id: projectId, principal })) === 0) {
        throw new StoreError('not_found', `${principal} is no collaborator of project ${projectId}`);
      }
    },
  };
}

async function putAll(
  tx: Knex.Transaction,
  recorder: Recorder,
  collaborators: readonly CollaboratorRecord[],
): Promise<void> {
  const projectIds = collaborators.map(({ project_id }) => project_id);
  const principals = collaborators.map(({ principal }) => principal);
  await requireRows(tx, aProject, projectIds);
  await requireRows(tx, aPrincipal, principals);
  const pairs = collaborators.map(({ project_id, principal }) => [project_id, principal]);
  const rows = await inChunks(pairs, chunk => tx(table).whereIn(['project_id', 'principal'], chunk));
  const known = new Map(rows.map(row => [pairId(row.project_id, row.principal), row.permission]));
  const created = collaborators.filter(({ project_id, principal }) => !known.has(pairId(project_id, principal)));
  await insertRows(tx, table, created);
  for (const collaborator of collaborators) {
    const { project_id, principal, permission } = collaborator;
    const old = known.get(pairId(project_id, principal));
    if (old !== permission) {
      if (old !== undefined) {
        await tx(table).where({ project_id, principal }).update({ permission });
      }
      recorder.change(collaboratorPut(collaborator));
      recorder.audit(
        'collaborator.put',
        pairId(project_id, principal),
        withPrevious({ permission }, old && { permission: old }),
        project_id,
      );
    }
  }
}

/** Deletes the collaborators that match, and answers how many there were. */
export async function deleteCollaborations(
  tx: Knex.Transaction,
  recorder: Recorder,
  where: { readonly project_id?: string; readonly principal?: string },
): Promise<number> {
  const rows: CollaboratorRecord[] = await tx(table).where(where).orderBy(['project_id', 'principal']);
  await tx(table).where(where).delete();
  for (const { project_id, principal, permission } of rows) {
    recorder.change({ op: 'delete', kind: 'collaborator', id: pairId(project_id, principal) });
    recorder.audit('collaborator.delete', pairId(project_id, principal), { previous: { permission } }, project_id);
  }
  return rows.length;
}
