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
import { readAll } from '../lists/paging.ts';
import type { SiteDocument } from '../schemas/site.ts';
import type { Pace } from '../turns/pace.ts';

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
  /** When those of the document's keys were ended that were, in milliseconds since 1970. */
  readonly revokedKeys: ReadonlyMap<string, number>;
}

/** Reads in a few statements what would else be asked for thing by thing; where it is pruned, the whole site but API keys. */
export async function readKnownSite(
  reads: Reads,
  document: SiteDocument,
  prune: boolean,
  pace: Pace,
): Promise<KnownSite> {
  const { projects = [], api_keys = [] } = document;
  const keys = await reads.findApiKeys(api_keys.map(({ key_id }) => key_id));
  const revokedKeys = await reads.findRevokedKeys(api_keys);
  if (prune) {
    return { ...(await readWholeSite(reads)), keys, revokedKeys };
  }
  const names = await namesIn(document, pace);
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
    revokedKeys,
  };
}

/** Everything but API keys, of which there may be very many. */
export type WholeSite = Omit<KnownSite, 'keys' | 'revokedKeys'>;

export async function readWholeSite(reads: Reads): Promise<WholeSite> {
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
async function namesIn(document: SiteDocument, pace: Pace) {
  const unique = async (names: Iterable<string>) => {
    const found = new Set<string>();
    for await (const name of pace.over(names)) {
      found.add(name);
    }
    return [...found];
  };
  return {
    principals: await unique(principalsIn(document)),
    teams: await unique(teamsIn(document)),
    models: await unique(modelsIn(document)),
  };
}

function* principalsIn({ users = [], applications = [], teams = [], projects = [], api_keys = [] }: SiteDocument) {
  for (const { username } of users) yield username;
  for (const { name, owner } of applications) yield* [name, owner];
  for (const { members = [] } of teams) {
    for (const { username } of members) yield username;
  }
  for (const { owner, collaborators = [] } of projects) {
    if (owner && 'username' in owner) yield owner.username;
    for (const { username } of collaborators) yield username;
  }
  for (const { username } of api_keys) yield username;
}

function* teamsIn({ teams = [], projects = [] }: SiteDocument) {
  for (const { team } of teams) yield team;
  for (const { owner, team_collaborators = [] } of projects) {
    if (owner && 'team' in owner) yield owner.team;
    for (const { team } of team_collaborators) yield team;
  }
}

function* modelsIn({ projects = [], api_keys = [] }: SiteDocument) {
  for (const { models = [] } of projects) {
    for (const { model_id } of models) yield model_id;
  }
  for (const { models } of api_keys) yield* models ?? [];
}

function byId<T>(entries: readonly T[], idOf: (entry: T) => string): ReadonlyMap<string, T> {
  return new Map(entries.map(entry => [idOf(entry), entry]));
}

const memberId = ({ team, username }: TeamMemberRecord) => pairId(team, username);
const collaboratorId = ({ project_id, principal }: CollaboratorRecord) => pairId(project_id, principal);
const teamCollaboratorId = ({ project_id, team }: TeamCollaboratorRecord) => pairId(project_id, team);
