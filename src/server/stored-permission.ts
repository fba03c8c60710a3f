import type { Permission } from '../changes/change-set.ts';
import { effectivePermission, type Standing } from '../decision/permission.ts';
import { noRef, type Ref } from '../snapshot/names.ts';
import type { ProjectReads } from '../store/project-store.ts';
import type { TeamReads } from '../store/team-store.ts';

/** Numbers that stand here for the project and the principal that are asked about; teams count on from there. */
const theProject: Ref = 1;
const thePrincipal: Ref = 2;

/**
 * The effective permission on a project as the store knows it at this instant (T52), by the very rule that checks use.
 * Inside a transaction it counts what was committed before, which the snapshot may not show yet.
 */
export async function storedPermission(
  reads: Pick<ProjectReads, 'findProject' | 'findStanding'> & Pick<TeamReads, 'findTeamMember'>,
  projectId: string,
  principal: string,
): Promise<Permission | undefined> {
  const project = await reads.findProject(projectId);
  if (!project) {
    return undefined;
  }
  const { collaborator, teams } = await reads.findStanding(projectId, principal);
  const { owner_user, owner_team, visibility } = project;
  const ownerTeam = thePrincipal + 1;
  const firstAdded = ownerTeam + 1;
  const inOwnerTeam = owner_team === null ? undefined : await reads.findTeamMember(owner_team, principal);
  const standing: Standing = {
    project: () => ({
      ownerUser: owner_user === principal ? thePrincipal : noRef,
      ownerTeam: owner_team === null ? noRef : ownerTeam,
      visibility,
    }),
    collaborator: () => collaborator,
    teamCollaborators: () => teams.map(({ mode, permission }, at) => ({ team: firstAdded + at, mode, permission })),
    teamMember: team => (team === ownerTeam ? inOwnerTeam : teams[team - firstAdded]?.held),
  };
  return effectivePermission(standing, theProject, thePrincipal);
}
