import { z } from 'zod';
import type { ProjectRecord } from '../../store/records.ts';
import { displayName, identifier, instant, nextPageToken, sortedPageQuery, toInstant, visibility } from './fields.ts';

/** Who owns a project: a user or a team. */
export const projectOwner = z.union([z.strictObject({ username: identifier }), z.strictObject({ team: identifier })], {
  error: 'must be {username: NAME} or {team: NAME}',
});
export type ProjectOwner = z.infer<typeof projectOwner>;

export const project = z.object({
  project_id: z.string(),
  name: z.string(),
  owner: projectOwner,
  visibility,
  created_at: instant,
});
export type Project = z.infer<typeof project>;
export const projectList = z.object({ projects: z.array(project), next_page_token: nextPageToken });
export type ProjectList = z.infer<typeof projectList>;

export const newProject = z.strictObject({
  /** Absent: one is made. */
  project_id: identifier.optional(),
  /** Absent: the id. */
  name: displayName.optional(),
  /** Absent: the caller. */
  owner: projectOwner.optional(),
  /** Absent: `organization` for a team's project, else `private`. */
  visibility: visibility.optional(),
});
export const projectChanges = z.strictObject({
  name: displayName.optional(),
  owner: projectOwner.optional(),
  visibility: visibility.optional(),
});
export const projectQuery = sortedPageQuery('project_id', 'name', 'created_at').extend({
  visibility: visibility.optional(),
  /** Whose projects: a user's name. */
  owner: identifier.optional(),
  /** Which team's projects. */
  owner_team: identifier.optional(),
});
/** `cascade`: the models of the project are deleted with it; else it must have none. */
export const projectDeletion = z.strictObject({ cascade: z.enum(['true', 'false']).default('false') });

export function toProject({ project_id, name, visibility: seenBy, created_at, ...owners }: ProjectRecord): Project {
  return { project_id, name, owner: toOwner(owners), visibility: seenBy, created_at: toInstant(created_at) };
}

type Owners = Pick<ProjectRecord, 'owner_user' | 'owner_team'>;

export function toOwner({ owner_user, owner_team }: Owners): ProjectOwner {
  return owner_team === null ? { username: String(owner_user) } : { team: owner_team };
}

export function fromOwner(owner: ProjectOwner): Owners {
  return 'team' in owner
    ? { owner_user: null, owner_team: owner.team }
    : { owner_user: owner.username, owner_team: null };
}
