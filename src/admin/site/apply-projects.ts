import { pairId } from '../../changes/change-set.ts';
import type { CollaboratorRecord, ProjectRecord, TeamCollaboratorRecord } from '../../store/records.ts';
import { fromOwner, type ProjectOwner } from '../schemas/projects.ts';
import { type Apply, update, writeAll } from './step.ts';

export async function applyProjects(apply: Apply): Promise<void> {
  const { writes, document, known, now } = apply;
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
  await writeAll(apply, 'project', created, {
    write: piece => writes.insertProjects(piece),
    idOf: ({ project_id }) => project_id,
  });
}

export async function applyCollaborators(apply: Apply): Promise<void> {
  const { writes, document, known, pace } = apply;
  const idOf = ({ project_id, principal }: CollaboratorRecord) => pairId(project_id, principal);
  const changed: CollaboratorRecord[] = [];
  for (const { project_id, collaborators = [] } of document.projects ?? []) {
    for await (const { username, permission } of pace.over(collaborators)) {
      const wanted = { project_id, principal: username, permission };
      if (known.collaborators.get(idOf(wanted))?.permission !== permission) {
        changed.push(wanted);
      }
    }
  }
  await writeAll(apply, 'collaborator', changed, {
    write: piece => writes.putCollaborators(piece),
    idOf,
    before: id => known.collaborators.get(id),
  });
}

export async function applyTeamCollaborators(apply: Apply): Promise<void> {
  const { writes, document, known, pace } = apply;
  const idOf = ({ project_id, team }: TeamCollaboratorRecord) => pairId(project_id, team);
  const changed: TeamCollaboratorRecord[] = [];
  for (const { project_id, team_collaborators = [] } of document.projects ?? []) {
    for await (const each of pace.over(team_collaborators)) {
      const wanted = { project_id, ...each };
      const old = known.teamCollaborators.get(idOf(wanted));
      if (old?.mode !== each.mode || old.permission !== each.permission) {
        changed.push(wanted);
      }
    }
  }
  await writeAll(apply, 'team_collaborator', changed, {
    write: piece => writes.putTeamCollaborators(piece),
    idOf,
    before: id => known.teamCollaborators.get(id),
  });
}
