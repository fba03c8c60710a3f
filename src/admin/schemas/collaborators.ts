import { z } from 'zod';
import type { ListedCollaborator } from '../../store/project-store.ts';
import type { TeamCollaboratorRecord } from '../../store/records.ts';
import { identifier, nextPageToken, permission, principalName, sortedPageQuery, teamMode } from './fields.ts';

export const collaborator = z
  .object({
    username: z.string().describe('Name of the user or application: they share their names.'),
    kind: z.enum(['user', 'application']).describe('What the name belongs to.'),
    permission,
  })
  .meta({ id: 'Collaborator' });
export type Collaborator = z.infer<typeof collaborator>;
export const teamCollaborator = z
  .object({
    team: z.string().describe('Name of the team.'),
    mode: teamMode,
    permission: permission.describe('What every member gets with `override`; with `inherit` it counts for nothing.'),
  })
  .meta({ id: 'TeamCollaborator' });
export type TeamCollaborator = z.infer<typeof teamCollaborator>;

export const collaboratorList = z
  .object({
    collaborators: z.array(collaborator),
    team_collaborators: z.array(teamCollaborator),
    next_page_token: nextPageToken,
  })
  .meta({
    id: 'CollaboratorList',
    description: 'A page goes through the collaborators first, then through the teams, each sorted by itself.',
  });
export type CollaboratorList = z.infer<typeof collaboratorList>;
export const collaboratorQuery = sortedPageQuery('name', 'permission');

export const collaboratorPath = z.strictObject({
  project_id: identifier.describe('Id of the project.'),
  username: principalName.describe('Name of the user or application.'),
});
export const teamCollaboratorPath = z.strictObject({
  project_id: identifier.describe('Id of the project.'),
  team: identifier.describe('Name of the team.'),
});
export const newCollaborator = z.strictObject({ permission }).meta({ id: 'NewCollaborator' });
export const newTeamCollaborator = z
  .strictObject({
    mode: teamMode.default('inherit'),
    permission: permission.optional().describe('Asked for with `override`: what every member gets.'),
  })
  .meta({ id: 'NewTeamCollaborator' });

export function toCollaborator({ principal, kind, permission: held }: ListedCollaborator): Collaborator {
  return { username: principal, kind, permission: held };
}

export function toTeamCollaborator({ team, mode, permission: held }: TeamCollaboratorRecord): TeamCollaborator {
  return { team, mode, permission: held };
}
