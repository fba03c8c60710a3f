import type { SiteDocument } from '../schemas/site.ts';
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
export function endStateOf(document: SiteDocument, known: KnownSite, prune: boolean): EndState {
  const { users, applications, teams, projects } = document;
  const stays = <T>(
    section: readonly T[] | undefined,
    idOf: (entry: T) => string,
    before: ReadonlyMap<string, unknown>,
  ) => {
    const named = new Set(section?.map(idOf));
    return (id: string) => named.has(id) || (before.has(id) && !(prune && section));
  };
  const hasProject = stays(projects, ({ project_id }) => project_id, known.projects);
  const modelsOf = new Map((projects ?? []).map(({ project_id, models }) => [project_id, models]));
  const namedModels = new Set((projects ?? []).flatMap(({ models = [] }) => models.map(({ model_id }) => model_id)));
  return {
    hasUser: stays(users, ({ username }) => username, known.users),
    hasApplication: stays(applications, ({ name }) => name, known.applications),
    hasTeam: stays(teams, ({ team }) => team, known.teams),
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
