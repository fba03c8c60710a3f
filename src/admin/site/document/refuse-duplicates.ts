import { fieldError } from '../../api-error.ts';
import type { SiteDocument } from '../../schemas/site.ts';

/** A thing that stands twice in one document would be changed back and forth at each apply; the error names both places. */
export function refuseDuplicates(document: SiteDocument): void {
  const { users = [], applications = [], teams = [], projects = [], api_keys = [] } = document;
  // Users and applications share their names.
  requireOnce([
    ...users.map(({ username }, at) => [username, `users.${at}`] as const),
    ...applications.map(({ name }, at) => [name, `applications.${at}`] as const),
  ]);
  requireOnce(teams.map(({ team }, at) => [team, `teams.${at}`]));
  requireOnce(projects.map(({ project_id }, at) => [project_id, `projects.${at}`]));
  requireOnce(api_keys.map(({ key_id }, at) => [key_id, `api_keys.${at}.key_id`]));
  requireOnce(api_keys.map(({ digest }, at) => [digest, `api_keys.${at}.digest`]));
  teams.forEach(({ members = [] }, at) => {
    requireOnce(members.map(({ username }, member) => [username, `teams.${at}.members.${member}`]));
  });
  projects.forEach(({ collaborators = [], team_collaborators = [] }, at) => {
    requireOnce(collaborators.map(({ username }, each) => [username, `projects.${at}.collaborators.${each}`]));
    requireOnce(team_collaborators.map(({ team }, each) => [team, `projects.${at}.team_collaborators.${each}`]));
  });
  const models = projects.flatMap(({ models: ofProject = [] }, at) =>
    ofProject.map((model, each) => [model, `projects.${at}.models.${each}`] as const),
  );
  requireOnce(models.map(([{ model_id }, place]) => [model_id, place]));
  requireOnce(models.flatMap(([{ access_key }, place]) => (access_key === undefined ? [] : [[access_key, place]])));
}

function requireOnce(placed: readonly (readonly [id: string, place: string])[]): void {
  const places = new Map<string, string>();
  for (const [id, place] of placed) {
    const first = places.get(id);
    if (first !== undefined) {
      throw fieldError(place, `is there already as ${first}: name each thing once`);
    }
    places.set(id, place);
  }
}
