import type { SiteDocument } from '../schemas/site.ts';
import type { Pace } from '../turns/pace.ts';
import type { KnownSite } from './known-site.ts';

/** Which things are there once a document is applied: what a name in it may refer to. */
export interface EndState {
  hasUser(username: string): boolean;
  hasApplication(name: string): boolean;
  hasTeam(team: string): boolean;
  hasProject(projectId: string): boolean;
  hasModel(modelId: string): boolean;
}

/** A section that is given says, where it prunes, all that there is of its kind; else it adds to what there is. */
export async function endStateOf(
  document: SiteDocument,
  known: KnownSite,
  prune: boolean,
  pace: Pace,
): Promise<EndState> {
  const { users, applications, teams, projects } = document;
  const stays = async <T>(
    section: readonly T[] | undefined,
    idOf: (entry: T) => string,
    before: ReadonlyMap<string, unknown>,
  ) => {
    const named = new Set<string>();
    for await (const entry of pace.over(section ?? [])) {
      named.add(idOf(entry));
    }
    return (id: string) => named.has(id) || (before.has(id) && !(prune && section));
  };
  const hasProject = await stays(projects, ({ project_id }) => project_id, known.projects);
  const modelsOf = new Map((projects ?? []).map(({ project_id, models }) => [project_id, models]));
  const namedModels = new Set<string>();
  for (const { models = [] } of projects ?? []) {
    for await (const { model_id } of pace.over(models)) {
      namedModels.add(model_id);
    }
  }
  return {
    hasUser: await stays(users, ({ username }) => username, known.users),
    hasApplication: await stays(applications, ({ name }) => name, known.applications),
    hasTeam: await stays(teams, ({ team }) => team, known.teams),
    hasProject,
    hasModel: modelId => {
      const model = known.models.get(modelId);
      if (namedModels.has(modelId) || !model) {
        return namedModels.has(modelId);
      }
      const isPruned = !hasProject(model.project_id) || modelsOf.get(model.project_id) !== undefined;
      return !(prune && isPruned);
    },
  };
}
