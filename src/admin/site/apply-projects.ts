import { pairId } from '../../changes/change-set.ts';
import type { CollaboratorRecord, ProjectRecord, TeamCollaboratorRecord } from '../../store/records.ts';
import { fromOwner, type ProjectOwner } from '../schemas/projects.ts';
import { type Apply, update } from './step.ts';

export async function applyProjects(apply: Apply): Promise<void> {
  const { writes, document, known, now, done } = apply;
  const created: ProjectRecord[] = [];
  for (const { project_id, name, owner, visibility } of document.projects ?? []) {
    const old = known.projects.get(project_id);
    if (!old) {
      const owners = fromOwner(owner as ProjectOwner);
      const fields = { name: name ?? project_id, visibility: visibility ?? 'private', ...owners };
      created.push({ project_id, ...fields, created_at: now });
    } else {
      const wanted = { name, visibility, ...(owner && fromOwner(owner)) };
      await update(apply, ['project', project_id], [old, wanted], changed => writes.updateProject(project_id, changed));
    }
  }
  await writes.insertProjects(created);
  for (const { project_id } of created) {
    done('create', 'project', project_id);
  }
}

export async function applyCollaborators({ writes, document, known, done }: Apply): Promise<void> {
  const wanted: CollaboratorRecord[] = (document.projects ?? []).flatMap(({ project_id, collaborators = [] }) =>
    collaborators.map(({ username, permission }) => ({ project_id, principal: username, permission })),
  );
  const idOf = ({ project_id, principal }: CollaboratorRecord) => pairId(project_id, principal);
  const changed = wanted.filter(each => known.collaborators.get(idOf(each))?.permission !== each.permission);
  await writes.putCollaborators(changed);
  for (const collaborator of changed) {
    const id = idOf(collaborator);
    done(known.collaborators.has(id) ? 'update' : 'create', 'collaborator', id);
  }
}

export async function applyTeamCollaborators({ writes, document, known, done }: Apply): Promise<void> {
  const wanted: TeamCollaboratorRecord[] = (document.projects ?? []).flatMap(
    ({ project_id, team_collaborators = [] }) => team_collaborators.map(each => ({ project_id, ...each })),
  );
  const idOf = ({ project_id, team }: TeamCollaboratorRecord) => pairId(project_id, team);
  const changed = wanted.filter(each => {
    const old = known.teamCollaborators.get(idOf(each));
    return old?.mode !== each.mode || old.permission !== each.permission;
  });
  await writes.putTeamCollaborators(changed);
  for (const added of changed) {
    done(known.teamCollaborators.has(idOf(added)) ? 'update' : 'create', 'team_collaborator', idOf(added));
  }
}
