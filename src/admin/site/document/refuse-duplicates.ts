import { fieldError } from '../../api-error.ts';
import type { SiteDocument } from '../../schemas/site.ts';
import type { Pace } from '../../turns/pace.ts';

type Placed = Iterable<readonly [id: string, place: string]>;

/** A thing that stands twice in one document would be changed back and forth at each apply; the error names both places. */
export async function refuseDuplicates(document: SiteDocument, pace: Pace): Promise<void> {
  const { users, applications, teams = [], projects = [], api_keys } = document;
  const requireOnce = (...lists: readonly Placed[]) => requireOnceIn(lists, pace);
  // Users and applications share their names.
  await requireOnce(
    placed(users, 'users', each => each.username),
    placed(applications, 'applications', each => each.name),
  );
  await requireOnce(placed(teams, 'teams', each => each.team));
  await requireOnce(placed(projects, 'projects', each => each.project_id));
  await requireOnce(placed(api_keys, 'api_keys', each => each.key_id, '.key_id'));
  await requireOnce(placed(api_keys, 'api_keys', each => each.digest, '.digest'));
  for (const [at, { members }] of teams.entries()) {
    await requireOnce(placed(members, `teams.${at}.members`, each => each.username));
  }
  for (const [at, { collaborators, team_collaborators }] of projects.entries()) {
    await requireOnce(placed(collaborators, `projects.${at}.collaborators`, each => each.username));
    await requireOnce(placed(team_collaborators, `projects.${at}.team_collaborators`, each => each.team));
  }
  const modelsBy = (idOf: (model: { model_id: string; access_key?: string | undefined }) => string | undefined) =>
    projects.map(({ models }, at) => placed(models, `projects.${at}.models`, idOf));
  await requireOnce(...modelsBy(each => each.model_id));
  await requireOnce(...modelsBy(each => each.access_key));
}

/** The entries of a list by what names them, each with its place; those that nothing names are left out. */
function* placed<T>(
  entries: readonly T[] | undefined,
  list: string,
  idOf: (entry: T) => string | undefined,
  field = '',
): Placed {
  for (const [at, entry] of (entries ?? []).entries()) {
    const id = idOf(entry);
    if (id !== undefined) {
      yield [id, `${list}.${at}${field}`];
    }
  }
}

async function requireOnceIn(lists: readonly Placed[], pace: Pace): Promise<void> {
  const places = new Map<string, string>();
  for (const list of lists) {
    for await (const [id, place] of pace.over(list)) {
      const first = places.get(id);
      if (first !== undefined) {
        throw fieldError(place, `is there already as ${first}: name each thing once`);
      }
      places.set(id, place);
    }
  }
}
