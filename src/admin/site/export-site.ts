import type { ModelRecord } from '../../store/records.ts';
import type { Reads } from '../../store/store.ts';
import { readAll } from '../paging.ts';
import type { SiteDocument, SiteModel, SiteProject } from '../schemas/site.ts';

/**
 * The site as the document that `site:apply` takes: never a secret or digest, so API keys are not in
 * it; access keys only where they are asked for.
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
  const teams = await readAll(
    page => reads.listTeams(page),
    ({ team }) => team,
  );
  return {
    settings: await reads.readSettings(),
    users: users.map(({ username, name, email, site_admin, deactivated }) => ({
      username,
      name,
      email,
      site_admin,
      deactivated,
    })),
    applications: applications.map(({ name, owner, deactivated }) => ({ name, owner, deactivated })),
    teams: await Promise.all(teams.map(({ team }) => exportTeam(reads, team))),
    projects: await exportProjects(reads, accessKeys),
    api_keys: [],
  };
}

async function exportTeam(reads: Reads, team: string): Promise<SiteDocument['teams'][number]> {
  const members = await reads.findTeamMembers([team]);
  return { team, members: members.map(({ username, permission }) => ({ username, permission })) };
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
  return Promise.all(
    projects.map(async ({ project_id, name, owner_user, owner_team, visibility }) => ({
      project_id,
      name,
      owner: owner_team === null ? { username: String(owner_user) } : { team: owner_team },
      visibility,
      collaborators: (await reads.findCollaborators([project_id])).map(({ principal, permission }) => ({
        username: principal,
        permission,
      })),
      team_collaborators: (await reads.findTeamCollaborators([project_id])).map(({ team, mode, permission }) => ({
        team,
        mode,
        permission,
      })),
      models: models.filter(each => each.project_id === project_id).map(each => exportModel(each, accessKeys)),
    })),
  );
}

/** Authentication is always said, so that a model made anew from this document does not get the default of its kind. */
function exportModel(model: ModelRecord, accessKeys: boolean): SiteModel {
  const { model_id, name, access_key, target, auth_enabled, auth_shadow, state } = model;
  return { model_id, name, ...(accessKeys ? { access_key } : {}), target, auth_enabled, auth_shadow, state };
}
