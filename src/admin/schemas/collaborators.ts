import { z } from 'zod';
import { identifier, nextPageToken, pageQuery, permission, teamMode } from './fields.ts';

export const collaborator = z.object({
  /** Of a user or an application: they share their names. */
  username: z.string(),
  kind: z.enum(['user', 'application']),
  permission,
});
export type Collaborator = z.infer<typeof collaborator>;
export const teamCollaborator = z.object({
  team: z.string(),
  mode: teamMode,
  /** What every member gets with `override`; with `inherit` it counts for nothing. */
  permission,
});
export type TeamCollaborator = z.infer<typeof teamCollaborator>;

/** A page goes through the collaborators first, then through the teams. */
export const collaboratorList = z.object({
  collaborators: z.array(collaborator),
  team_collaborators: z.array(teamCollaborator),
  next_page_token: nextPageToken,
});
export type CollaboratorList = z.infer<typeof collaboratorList>;
export const collaboratorQuery = pageQuery;

export const collaboratorPath = z.strictObject({ project_id: identifier, username: identifier });
export const teamCollaboratorPath = z.strictObject({ project_id: identifier, team: identifier });
export const newCollaborator = z.strictObject({ permission });
export const newTeamCollaborator = z.strictObject({
  mode: teamMode.default('inherit'),
  /** Asked for with `override`. */
  permission: permission.optional(),
});
