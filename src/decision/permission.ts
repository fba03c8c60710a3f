import type { Permission } from '../changes/change-set.ts';
import { atLeast } from '../changes/permission-ranks.ts';
import { noRef, type Ref } from '../snapshot/names.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';

/** What of a snapshot the rule reads: whoever else knows these facts can ask it too. */
export type Standing = Pick<Snapshot, 'project' | 'collaborator' | 'teamCollaborators' | 'teamMember'>;

/**
 * The highest permission that a principal holds on a project, by being its owner, a collaborator, a
 * member of a team added to it, or by its visibility (B19 to B21). An unknown project grants nothing.
 * Both are named by their numbers in the snapshot.
 */
export function effectivePermission(snapshot: Standing, projectRef: Ref, principal: Ref): Permission | undefined {
  const project = snapshot.project(projectRef);
  if (!project) {
    return undefined;
  }
  if (project.ownerUser === principal && principal !== noRef) {
    return 'admin';
  }
  let best = snapshot.collaborator(projectRef, principal);
  for (const added of snapshot.teamCollaborators(projectRef)) {
    const held = snapshot.teamMember(added.team, principal);
    best = higher(best, held && (added.mode === 'override' ? added.permission : held));
  }
  if (project.visibility === 'organization' && project.ownerTeam !== noRef) {
    best = higher(best, snapshot.teamMember(project.ownerTeam, principal));
  }
  return project.visibility === 'public' ? higher(best, 'read') : best;
}

function higher(one: Permission | undefined, other: Permission | undefined): Permission | undefined {
  return other !== undefined && !atLeast(one, other) ? other : one;
}
