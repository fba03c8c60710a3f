import { pairId } from '../../changes/change-set.ts';
import type { CollaboratorRecord, TeamCollaboratorRecord, TeamMemberRecord } from '../../store/records.ts';
import { ApiError } from '../api-error.ts';
import { readAll } from '../lists/paging.ts';
import type { SiteDocument } from '../schemas/site.ts';
import type { EndState } from './end-state.ts';
import type { Apply } from './step.ts';

/** Nobody deletes itself by leaving its own name out. */
export function requireCallerNamed({ users }: SiteDocument, caller: string): void {
  if (users?.every(({ username }) => username !== caller)) {
    const why = `the document has users and not you (${caller}), so that pruning by it would delete you`;
    throw new ApiError('failed_precondition', `${why}: name yourself there, or let another site admin apply it`);
  }
}

/** Before anything is made: an access key may go from a model that is pruned to one that is new. */
export async function pruneModels({ writes, known, done }: Apply, after: EndState): Promise<void> {
  for (const model_id of known.models.keys()) {
    if (!after.hasModel(model_id)) {
      await writes.deleteModel(model_id);
      done('delete', 'model', model_id);
    }
  }
}

/**
 * After everything is made, so that what has another owner now can lose the old one. What depends on another thing goes before it.
 * API keys go with their owners only: no document that is exported could name them.
 */
export async function pruneRest(apply: Apply, after: EndState): Promise<void> {
  const { writes, known, done } = apply;
  await pruneCollaborators(apply, after);
  for (const project_id of known.projects.keys()) {
    if (!after.hasProject(project_id)) {
      await writes.deleteProject(project_id);
      done('delete', 'project', project_id);
    }
  }
  await pruneMembers(apply, after);
  for (const team of known.teams.keys()) {
    if (!after.hasTeam(team)) {
      await writes.deleteTeam(team);
      done('delete', 'team', team);
    }
  }
  for (const name of known.applications.keys()) {
    if (!after.hasApplication(name)) {
      await deleteKeysOf(apply, name);
      await writes.deleteApplication(name);
      done('delete', 'application', name);
    }
  }
  for (const username of known.users.keys()) {
    if (!after.hasUser(username)) {
      await deleteKeysOf(apply, username);
      await writes.deleteUser(username);
      done('delete', 'user', username);
    }
  }
}

async function pruneCollaborators({ writes, document, known, done }: Apply, after: EndState): Promise<void> {
  const teams = listed(
    document.projects,
    ({ project_id }) => project_id,
    ({ team_collaborators }) => team_collaborators?.map(({ team }) => team),
  );
  const isTeamKept = ({ project_id, team }: TeamCollaboratorRecord) =>
    after.hasProject(project_id) && after.hasTeam(team) && teams(project_id, team);
  for (const [id, each] of known.teamCollaborators) {
    if (!isTeamKept(each)) {
      await writes.deleteTeamCollaborator(each.project_id, each.team);
      done('delete', 'team_collaborator', id);
    }
  }
  const people = listed(
    document.projects,
    ({ project_id }) => project_id,
    ({ collaborators }) => collaborators?.map(({ username }) => username),
  );
  const isKept = ({ project_id, principal }: CollaboratorRecord) =>
    after.hasProject(project_id) &&
    (after.hasUser(principal) || after.hasApplication(principal)) &&
    people(project_id, principal);
  for (const [id, each] of known.collaborators) {
    if (!isKept(each)) {
      await writes.deleteCollaborator(each.project_id, each.principal);
      done('delete', 'collaborator', id);
    }
  }
}

async function pruneMembers({ writes, document, known, done }: Apply, after: EndState): Promise<void> {
  const members = listed(
    document.teams,
    ({ team }) => team,
    ({ members: given }) => given?.map(({ username }) => username),
  );
  const isKept = ({ team, username }: TeamMemberRecord) =>
    after.hasTeam(team) && after.hasUser(username) && members(team, username);
  for (const [id, each] of known.members) {
    if (!isKept(each)) {
      await writes.deleteTeamMember(each.team, each.username);
      done('delete', 'team_member', id);
    }
  }
}

async function deleteKeysOf({ writes, done }: Apply, principal: string): Promise<void> {
  const keys = await readAll(
    page => writes.listApiKeys(principal, page),
    ({ key_id }) => key_id,
  );
  for (const { key_id } of keys) {
    await writes.deleteApiKey(key_id);
    done('delete', 'api_key', key_id);
  }
}

/** Whether a thing's list in the document names an entry; a list that is not given names all. */
function listed<T>(
  section: readonly T[] | undefined,
  idOf: (thing: T) => string,
  namesOf: (thing: T) => readonly string[] | undefined,
): (id: string, name: string) => boolean {
  const lists = new Map(section?.map(thing => [idOf(thing), namesOf(thing)]));
  const named = new Set([...lists].flatMap(([id, names = []]) => names.map(name => pairId(id, name))));
  return (id, name) => lists.get(id) === undefined || named.has(pairId(id, name));
}
