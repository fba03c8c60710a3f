import type { Permission } from '../changes/change-set.ts';
import { atLeast } from '../changes/permission-ranks.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';

/**
 * The highest permission that a principal holds on a project, by being its owner, a collaborator, a
 * member of a team added to it, or by its visibility (B19 to B21). An unknown project grants nothing.
 */
export function effectivePermission(snapshot: Snapshot, projectId: string, principal: string): Permission | undefined {
  const project = snapshot.project(projectId);
  if (!project) {
    return undefined;
  }
  if (project.owner_user === principal) {
    return 'admin';
  }
  let best = snapshot.collaborator(projectId, principal);
  for (const added of snapshot.teamCollaborators(projectId)) {
    const held = snapshot.teamMember(added.team, principal);
    best = higher(best, held && (added.mode === 'override' ? added.permission : held));
  }
  if (project.visibility === 'organization' && project.owner_team !== null) {
    best = higher(best, snapshot.teamMember(project.owner_team, principal));
  }
  return project.visibility === 'public' ? higher(best, 'read') : best;
}

function higher(one: Permission | undefined, other: Permission | undefined): Permission | undefined {
  return other !== undefined && !atLeast(one, other) ? other : one;
}
