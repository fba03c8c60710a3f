import type { SiteDocument } from '../schemas/site.ts';
import { FieldFaults } from '../validate-request.ts';
import type { EndState } from './end-state.ts';
import type { KnownSite } from './known-site.ts';

type Path = readonly PropertyKey[];

/** Rejects with 400 where a document refers to what is not there, or will not be after its pruning; names each place. */
export function refuseUnknown(document: SiteDocument, known: KnownSite, after: EndState): void {
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

  document.applications?.forEach(({ owner }, at) => {
    requireUser(owner, ['applications', at, 'owner']);
  });
  document.teams?.forEach(({ members }, at) => {
    members?.forEach(({ username }, member) => {
      requireUser(username, ['teams', at, 'members', member, 'username']);
    });
  });
  document.projects?.forEach(({ project_id, owner, collaborators, team_collaborators }, at) => {
    const path = ['projects', at];
    if (!owner && !known.projects.has(project_id)) {
      faults.note([...path, 'owner'], 'a new project needs an owner: {username: …} or {team: …}');
    } else if (owner && 'team' in owner) {
      requireTeam(owner.team, [...path, 'owner', 'team']);
    } else if (owner) {
      requireUser(owner.username, [...path, 'owner', 'username']);
    }
    collaborators?.forEach(({ username }, each) => {
      requirePrincipal(username, [...path, 'collaborators', each, 'username']);
    });
    team_collaborators?.forEach(({ team }, each) => {
      requireTeam(team, [...path, 'team_collaborators', each, 'team']);
    });
  });
  noteMovedModels(document, known, faults);
  document.api_keys?.forEach(({ key_id, username, models }, at) => {
    requirePrincipal(username, ['api_keys', at, 'username']);
    // A key goes on naming a model that was deleted (B44).
    const before = known.keys.get(key_id)?.key.models ?? [];
    models?.forEach((id, each) => {
      const isKnown = after.hasModel(id) || before.includes(id);
      requireThing(isKnown, ['api_keys', at, 'models', each], `model ${id}`, known.models.has(id));
    });
  });
  if (!faults.isEmpty) {
    throw faults.toError();
  }
}

function noteMovedModels({ projects }: SiteDocument, known: KnownSite, faults: FieldFaults): void {
  projects?.forEach(({ project_id, models }, at) => {
    models?.forEach(({ model_id }, each) => {
      const model = known.models.get(model_id);
      if (model && model.project_id !== project_id) {
        const why = `the model belongs to project ${model.project_id}: delete it there first, or choose another id`;
        faults.note(['projects', at, 'models', each, 'model_id'], why);
      }
    });
  });
}
