import { z } from 'zod';
import type { ProjectRecord } from '../../store/records.ts';
import {
  displayName,
  identifier,
  instant,
  nextPageToken,
  permission,
  principalName,
  sortedPageQuery,
  toInstant,
  visibility,
} from './fields.ts';

/** Who owns a project: a user or a team. */
export const projectOwner = z
  .union([z.strictObject({ username: principalName }), z.strictObject({ team: identifier })], {
    error: 'must be {username: NAME} or {team: NAME}',
  })
  .meta({ id: 'ProjectOwner', description: 'A user or a team.' });
export type ProjectOwner = z.infer<typeof projectOwner>;

export const project = z
  .object({
    project_id: z.string().describe('Names the project on the whole site.'),
    name: z.string().describe('Name for people.'),
    owner: projectOwner.describe('Who owns the project, and so holds `admin` on it.'),
    visibility,
    permission: z
      .union([permission, z.null()])
      .describe('What the caller holds on it, a site admin `admin`; null: nothing any more.'),
    collaborator_permission: z
      .union([permission, z.null()])
      .optional()
      .describe('In a list of the projects of a `collaborator`: what that one holds when it calls.'),
    created_at: instant,
  })
  .meta({ id: 'Project' });
export type Project = z.infer<typeof project>;
export const projectList = z
  .object({ projects: z.array(project), next_page_token: nextPageToken })
  .meta({ id: 'ProjectList' });
export type ProjectList = z.infer<typeof projectList>;

export const newProject = z
  .strictObject({
    project_id: identifier.optional().describe('Absent: one is made.'),
    name: displayName.optional().describe('Name for people; absent: the id.'),
    owner: projectOwner.optional().describe('Who is to own it; absent: the caller.'),
    visibility: visibility.optional().describe("Absent: `organization` for a team's project, else `private`."),
  })
  .meta({ id: 'NewProject' });
export const projectChanges = z
  .strictObject({
    name: displayName.optional(),
    owner: projectOwner.optional().describe('Who is to own it from now on.'),
    visibility: visibility.optional(),
  })
  .meta({ id: 'ProjectChanges', description: 'What is to change; a field that is absent stays as it is.' });
export const projectQuery = sortedPageQuery('project_id', 'name', 'created_at').extend({
  visibility: visibility.optional().describe('Only projects of this visibility.'),
  owner: principalName.optional().describe('Only projects that this user owns.'),
  owner_team: identifier.optional().describe('Only projects that this team owns.'),
  collaborator: principalName
    .optional()
    .describe(
      'Only projects that this user or application was added to, itself or by a team. For another than the caller: a site admin.',
    ),
});
export const projectDeletion = z.strictObject({
  cascade: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Whether the models of the project are deleted with it; else it must have none.'),
});

/** A project as a caller sees it who holds `held` on it. */
export function toProject(record: ProjectRecord, held: Project['permission']): Project {
  const { project_id, name, visibility: seenBy, created_at, ...owners } = record;
  return {
    project_id,
    name,
    owner: toOwner(owners),
    visibility: seenBy,
    permission: held,
    created_at: toInstant(created_at),
  };
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
