import { isReservedName } from '../../store/own-author.ts';
import { FieldFaults } from '../requests/validate-request.ts';
import { reservedNameFault } from '../schemas/fields.ts';
import type { SiteDocument } from '../schemas/site.ts';
import type { Pace } from '../turns/pace.ts';
import type { EndState } from './end-state.ts';
import type { KnownSite } from './known-site.ts';

type Path = readonly PropertyKey[];

/** Rejects with 400 where a document refers to what is not there, or will not be after its pruning, or makes what none may be named; names each place. */
export async function refuseUnknown(
  document: SiteDocument,
  known: KnownSite,
  after: EndState,
  pace: Pace,
): Promise<void> {
  const faults = new FieldFaults();
  const requireThing = (is: boolean, path: Path, what: string, wasThere: boolean) => {
    if (!is) {
      const why = wasThere ? `${what} is not in the document, which prunes it: name it there` : `there is no ${what}`;
      faults.note(path, why);
    }
  };
  const requireUser = (name: string, path: Path) =>
    requireThing(after.hasUser(name), path, `user ${name}`, known.users.has(name));
  const requirePrincipal = (name: string, path: Path) => {
    const was = known.users.has(name) || known.applications.has(name);
    requireThing(after.hasUser(name) || after.hasApplication(name), path, `user or application ${name}`, was);
  };
  const requireTeam = (team: string, path: Path) =>
    requireThing(after.hasTeam(team), path, `team ${team}`, known.teams.has(team));

  const each = <T>(list: readonly T[] | undefined) => pace.over((list ?? []).entries());

  const requireUnreserved = (name: string, isThere: boolean, path: Path) => {
    if (!isThere && isReservedName(name)) {
      faults.note(path, reservedNameFault);
    }
  };
  for await (const [at, { username }] of each(document.users)) {
    requireUnreserved(username, known.users.has(username), ['users', at, 'username']);
  }
  for await (const [at, { name, owner }] of each(document.applications)) {
    requireUnreserved(name, known.applications.has(name), ['applications', at, 'name']);
    requireUser(owner, ['applications', at, 'owner']);
  }
  for await (const [at, { members }] of each(document.teams)) {
    for await (const [member, { username }] of each(members)) {
      requireUser(username, ['teams', at, 'members', member, 'username']);
    }
  }
  for await (const [at, { project_id, owner, collaborators, team_collaborators }] of each(document.projects)) {
    const path = ['projects', at];
    if (!owner && !known.projects.has(project_id)) {
      faults.note([...path, 'owner'], 'a new project needs an owner: {username: …} or {team: …}');
    } else if (owner && 'team' in owner) {
      requireTeam(owner.team, [...path, 'owner', 'team']);
    } else if (owner) {
      requireUser(owner.username, [...path, 'owner', 'username']);
    }
    for await (const [place, { username }] of each(collaborators)) {
      requirePrincipal(username, [...path, 'collaborators', place, 'username']);
    }
    for await (const [place, { team }] of each(team_collaborators)) {
      requireTeam(team, [...path, 'team_collaborators', place, 'team']);
    }
  }
  await noteMovedModels(document, known, faults, pace);
  for await (const [at, { key_id, username, models }] of each(document.api_keys)) {
    requirePrincipal(username, ['api_keys', at, 'username']);
    // A key goes on naming a model that was deleted (B44).
    const before = known.keys.get(key_id)?.key.models ?? [];
    for (const [place, id] of (models ?? []).entries()) {
      const isKnown = after.hasModel(id) || before.includes(id);
      requireThing(isKnown, ['api_keys', at, 'models', place], `model ${id}`, known.models.has(id));
    }
  }
  if (!faults.isEmpty) {
    throw faults.toError();
  }
}

async function noteMovedModels(
  { projects = [] }: SiteDocument,
  known: KnownSite,
  faults: FieldFaults,
  pace: Pace,
): Promise<void> {
  for (const [at, { project_id, models = [] }] of projects.entries()) {
    for await (const [each, { model_id }] of pace.over(models.entries())) {
      const model = known.models.get(model_id);
      if (model && model.project_id !== project_id) {
        const why = `the model belongs to project ${model.project_id}: delete it there first, or choose another id`;
        faults.note(['projects', at, 'models', each, 'model_id'], why);
      }
    }
  }
}
