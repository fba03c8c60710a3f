import { pairId } from '../../changes/change-set.ts';
import type { StoredApiKey } from '../../store/api-key-store.ts';
import type {
  ApplicationRecord,
  CollaboratorRecord,
  ModelRecord,
  ProjectRecord,
  TeamCollaboratorRecord,
  TeamMemberRecord,
  TeamRecord,
  UserRecord,
} from '../../store/records.ts';
import type { Reads } from '../../store/store.ts';
import { readAll } from '../paging.ts';
import type { SiteDocument } from '../schemas/site.ts';

/** What a document is held against: of everything that it names, or refers to, what is there. By id; pairs by `pairId`. */
export interface KnownSite {
  readonly users: ReadonlyMap<string, UserRecord>;
  readonly applications: ReadonlyMap<string, ApplicationRecord>;
  readonly teams: ReadonlyMap<string, TeamRecord>;
  readonly members: ReadonlyMap<string, TeamMemberRecord>;
  readonly projects: ReadonlyMap<string, ProjectRecord>;
  readonly collaborators: ReadonlyMap<string, CollaboratorRecord>;
  readonly teamCollaborators: ReadonlyMap<string, TeamCollaboratorRecord>;
  readonly models: ReadonlyMap<string, ModelRecord>;
  readonly keys: ReadonlyMap<string, StoredApiKey>;
}

/** Reads in a few statements what would else be asked for thing by thing; where it is pruned, the whole site but API keys. */
export async function readKnownSite(reads: Reads, document: SiteDocument, prune: boolean): Promise<KnownSite> {
  const { projects = [], api_keys = [] } = document;
  const keys = await reads.findApiKeys(api_keys.map(({ key_id }) => key_id));
  if (prune) {
    return { ...(await readWholeSite(reads)), keys };
  }
  const names = namesIn(document);
  const teams = (document.teams ?? []).map(({ team }) => team);
  const projectIds = projects.map(({ project_id }) => project_id);
  return {
    users: await reads.findUsers(names.principals),
    applications: await reads.findApplications(names.principals),
    teams: await reads.findTeams(names.teams),
    members: byId(await reads.findTeamMembers(teams), memberId),
    projects: await reads.findProjects(projectIds),
    collaborators: byId(await reads.findCollaborators(projectIds), collaboratorId),
    teamCollaborators: byId(await reads.findTeamCollaborators(projectIds), teamCollaboratorId),
    models: await reads.findModels(names.models),
    keys,
  };
}

async function readWholeSite(reads: Reads): Promise<Omit<KnownSite, 'keys'>> {
  const username = (each: { readonly username: string }) => each.username;
  const name = (each: { readonly name: string }) => each.name;
  const team = (each: { readonly team: string }) => each.team;
  const projectId = (each: { readonly project_id: string }) => each.project_id;
  const modelId = (each: { readonly model_id: string }) => each.model_id;
  return {
    users: byId(await readAll(page => reads.listUsers(page, 0), username), username),
    applications: byId(await readAll(page => reads.listApplications(page, 0), name), name),
    teams: byId(await readAll(page => reads.listTeams(page), team), team),
    members: byId(await reads.findTeamMembers(), memberId),
    projects: byId(await readAll(page => reads.listProjects(page), projectId), projectId),
    collaborators: byId(await reads.findCollaborators(), collaboratorId),
    teamCollaborators: byId(await reads.findTeamCollaborators(), teamCollaboratorId),
    models: byId(await readAll(page => reads.listModels(page), modelId), modelId),
  };
}

/** Every name in the document, of things that it describes and of those that it only refers to. */
function namesIn({ users = [], applications = [], teams = [], projects = [], api_keys = [] }: SiteDocument) {
  const owners = projects.flatMap(({ owner }) => owner ?? []);
  const principals = [
    ...users.map(({ username }) => username),
    ...applications.flatMap(({ name, owner }) => [name, owner]),
    ...teams.flatMap(({ members = [] }) => members.map(({ username }) => username)),
    ...owners.flatMap(owner => ('username' in owner ? owner.username : [])),
    ...projects.flatMap(({ collaborators = [] }) => collaborators.map(({ username }) => username)),
    ...api_keys.map(({ username }) => username),
  ];
  const named = [
    ...teams.map(({ team }) => team),
    ...owners.flatMap(owner => ('team' in owner ? owner.team : [])),
    ...projects.flatMap(({ team_collaborators = [] }) => team_collaborators.map(({ team }) => team)),
  ];
  const models = [
    ...projects.flatMap(project => (project.models ?? []).map(({ model_id }) => model_id)),
    ...api_keys.flatMap(key => key.models ?? []),
  ];
  return { principals: [...new Set(principals)], teams: [...new Set(named)], models: [...new Set(models)] };
}

function byId<T>(entries: readonly T[], idOf: (entry: T) => string): ReadonlyMap<string, T> {
  return new Map(entries.map(entry => [idOf(entry), entry]));
}

const memberId = ({ team, username }: TeamMemberRecord) => pairId(team, username);
const collaboratorId = ({ project_id, principal }: CollaboratorRecord) => pairId(project_id, principal);
const teamCollaboratorId = ({ project_id, team }: TeamCollaboratorRecord) => pairId(project_id, team);
