import type { ModelRecord } from '../../../store/records.ts';
import type { Reads } from '../../../store/store.ts';
import { readAll } from '../../lists/paging.ts';
import { toOwner } from '../../schemas/projects.ts';
import type { SiteDocument, SiteModel, SiteProject, SiteTeam } from '../../schemas/site.ts';
import { Pace } from '../../turns/pace.ts';

/**
 * The site as the document that `site:apply` takes: never a secret or digest, so it has no section of API
 * keys; access keys only where they are asked for.
 */
export async function exportSite(reads: Reads, accessKeys: boolean): Promise<SiteDocument> {
  const users = await readAll(
    page => reads.listUsers(page, 0),
    ({ username }) => username,
  );
  const applications = await readAll(
    page => reads.listApplications(page, 0),
    ({ name }) => name,
  );
  return {
    settings: await reads.readSettings(),
    users: await mapped(users, ({ username, name, email, site_admin, deactivated }) => ({
      username,
      name,
      email,
      site_admin,
      deactivated,
    })),
    applications: applications.map(({ name, owner, deactivated }) => ({ name, owner, deactivated })),
    teams: await exportTeams(reads),
    projects: await exportProjects(reads, accessKeys),
  };
}

async function exportTeams(reads: Reads): Promise<SiteTeam[]> {
  const teams = await readAll(
    page => reads.listTeams(page),
    ({ team }) => team,
  );
  const members = await inTurns(teams, piece => reads.findTeamMembers(piece.map(({ team }) => team)));
  const membersOf = await grouped(members, ({ team }) => team);
  return teams.map(({ team }) => ({
    team,
    members: membersOf(team).map(({ username, permission }) => ({ username, permission })),
  }));
}

async function exportProjects(reads: Reads, accessKeys: boolean): Promise<SiteProject[]> {
  const projects = await readAll(
    page => reads.listProjects(page),
    ({ project_id }) => project_id,
  );
  const models = await readAll(
    page => reads.listModels(page),
    ({ model_id }) => model_id,
  );
  const ofProject = ({ project_id }: { readonly project_id: string }) => project_id;
  const idsOf = (piece: readonly { readonly project_id: string }[]) => piece.map(ofProject);
  const collaborators = await inTurns(projects, piece => reads.findCollaborators(idsOf(piece)));
  const collaboratorsOf = await grouped(collaborators, ofProject);
  const teamsOf = await grouped(await inTurns(projects, piece => reads.findTeamCollaborators(idsOf(piece))), ofProject);
  const modelsOf = await grouped(models, ofProject);
  return mapped(projects, ({ project_id, name, visibility, ...owners }) => ({
    project_id,
    name,
    owner: toOwner(owners),
    visibility,
    collaborators: collaboratorsOf(project_id).map(({ principal, permission }) => ({
      username: principal,
      permission,
    })),
    team_collaborators: teamsOf(project_id).map(({ team, mode, permission }) => ({ team, mode, permission })),
    models: modelsOf(project_id).map(each => exportModel(each, accessKeys)),
  }));
}

/** Authentication is always said, so that a model made anew from this document does not get the default of its kind. */
function exportModel(model: ModelRecord, accessKeys: boolean): SiteModel {
  const { model_id, name, access_key, target, auth_enabled, auth_shadow, state } = model;
  return { model_id, name, ...(accessKeys ? { access_key } : {}), target, auth_enabled, auth_shadow, state };
}

/** What becomes of each thing, made in stretches. */
async function mapped<T, R>(things: readonly T[], make: (thing: T) => R): Promise<R[]> {
  const made: R[] = [];
  for await (const thing of new Pace().over(things)) {
    made.push(make(thing));
  }
  return made;
}

/** Things whose entries are read at once. */
const thingsPerRead = 200;

/** The entries of all things, read for some at a time, so that no check waits for all rows of a table (T33). */
async function inTurns<T, E>(things: readonly T[], read: (piece: readonly T[]) => Promise<readonly E[]>): Promise<E[]> {
  const entries: E[] = [];
  for (let at = 0; at < things.length; at += thingsPerRead) {
    entries.push(...(await read(things.slice(at, at + thingsPerRead))));
  }
  return entries;
}

/** Entries by what they belong to, in their order. */
async function grouped<T>(entries: readonly T[], keyOf: (entry: T) => string): Promise<(key: string) => readonly T[]> {
  const groups = new Map<string, T[]>();
  for await (const entry of new Pace().over(entries)) {
    const group = groups.get(keyOf(entry));
    if (group) {
      group.push(entry);
    } else {
      groups.set(keyOf(entry), [entry]);
    }
  }
  return key => groups.get(key) ?? [];
}
