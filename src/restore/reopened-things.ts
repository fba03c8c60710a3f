import type { WholeSite } from '../admin/site/known-site.ts';
import { type Step, toStep } from '../admin/site/plan-step.ts';
import type { Settings } from '../store/records.ts';
import type { Writes } from '../store/store.ts';
import type { Reopened } from './reopened.ts';

type Fields = Readonly<Record<string, unknown>>;

/** How one kind of thing is held against what it was, and taken away again. */
interface Kind {
  readonly kind: string;
  /** Words of the command that removes it. */
  readonly remove: (thing: Fields) => readonly string[];
  /** The fields that can let somebody in, those together that one command sets; `old` is the thing in the replaced store. */
  readonly parts: readonly Part[];
  /** Ends one that the replaced store does not have. */
  readonly end?: ((writes: Writes, thing: Fields) => Promise<void>) | undefined;
  /** Whether it goes with another thing that is listed anyway, which these are the kinds and ids of. */
  readonly within?: (thing: Fields) => readonly (readonly [kind: string, id: unknown])[];
}

interface Part {
  readonly fields: readonly string[];
  readonly command: (old: Fields) => readonly string[];
  readonly end?: ((writes: Writes, old: Fields) => Promise<void>) | undefined;
}

const words = (...all: readonly unknown[]) => all.map(String);

const user: Kind = {
  kind: 'user',
  remove: ({ username }) => words('users', 'delete', username),
  end: (writes, { username }) => writes.updateUser(String(username), { deactivated: true }),
  parts: [
    {
      fields: ['deactivated'],
      command: ({ username }) => words('users', 'update', username, '--deactivated', 'true'),
      end: (writes, { username }) => writes.updateUser(String(username), { deactivated: true }),
    },
    {
      fields: ['site_admin'],
      command: ({ username }) => words('users', 'update', username, '--site-admin', 'false'),
      end: (writes, { username }) => writes.updateUser(String(username), { site_admin: false }),
    },
  ],
};

const application: Kind = {
  kind: 'application',
  remove: ({ name }) => words('applications', 'delete', name),
  end: (writes, { name }) => writes.updateApplication(String(name), { deactivated: true }),
  parts: [
    {
      fields: ['deactivated'],
      command: ({ name }) => words('applications', 'update', name, '--deactivated', 'true'),
      end: (writes, { name }) => writes.updateApplication(String(name), { deactivated: true }),
    },
    { fields: ['owner'], command: ({ name, owner }) => words('applications', 'update', name, '--owner', owner) },
  ],
};

const team: Kind = { kind: 'team', remove: ({ team: name }) => words('teams', 'delete', name), parts: [] };

const member: Kind = {
  kind: 'team_member',
  remove: ({ team: name, username }) => words('teams', 'members', 'delete', name, username),
  within: ({ team: name, username }) => [
    ['team', name],
    ['user', username],
  ],
  parts: [
    {
      fields: ['permission'],
      command: ({ team: name, username, permission }) =>
        words('teams', 'members', 'put', name, username, '--permission', permission),
    },
  ],
};

const project: Kind = {
  kind: 'project',
  remove: ({ project_id }) => words('projects', 'delete', project_id, '--with-models'),
  parts: [
    {
      fields: ['visibility'],
      command: ({ project_id, visibility }) => words('projects', 'update', project_id, '--visibility', visibility),
    },
    {
      fields: ['owner_user', 'owner_team'],
      command: ({ project_id, owner_user, owner_team }) =>
        words(
          'projects',
          'update',
          project_id,
          ...(owner_team ? ['--owner-team', owner_team] : ['--owner', owner_user]),
        ),
    },
  ],
};

const collaborator: Kind = {
  kind: 'collaborator',
  remove: ({ project_id, principal }) => words('collaborators', 'delete', project_id, principal),
  within: ({ project_id, principal }) => [
    ['project', project_id],
    ['user', principal],
    ['application', principal],
  ],
  parts: [
    {
      fields: ['permission'],
      command: ({ project_id, principal, permission }) =>
        words('collaborators', 'put', project_id, principal, '--permission', permission),
    },
  ],
};

const teamCollaborator: Kind = {
  kind: 'team_collaborator',
  remove: ({ project_id, team: name }) => words('collaborators', 'delete', project_id, '--team', name),
  within: ({ project_id, team: name }) => [
    ['project', project_id],
    ['team', name],
  ],
  parts: [
    {
      fields: ['mode', 'permission'],
      command: ({ project_id, team: name, mode, permission }) =>
        words('collaborators', 'put', project_id, '--team', name, '--mode', mode, '--permission', permission),
    },
  ],
};

const model: Kind = {
  kind: 'model',
  remove: ({ project_id, model_id }) => words('models', 'delete', project_id, model_id),
  within: ({ project_id }) => [['project', project_id]],
  parts: [
    {
      fields: ['auth_enabled'],
      command: ({ project_id, model_id }) => words('models', 'auth', 'on', project_id, model_id),
    },
    {
      fields: ['access_key'],
      command: ({ project_id, model_id }) => words('models', 'regenerate-key', project_id, model_id),
    },
    {
      fields: ['state'],
      command: ({ project_id, model_id }) => words('models', 'update', project_id, model_id, '--state', 'stopped'),
    },
  ],
};

const settings: Kind = {
  kind: 'settings',
  remove: () => [],
  parts: ['default_api_key_expiration_days', 'stale_after_seconds'].map(field => ({
    fields: [field],
    command: old => words('settings', 'set', `--${field.replaceAll('_', '-')}`, old[field]),
  })),
};

/** A whole site with its settings. */
export interface ComparedSite extends WholeSite {
  readonly settings: Settings;
}

/** What a backup lets in again of everything but credentials, thing by thing; what goes with another thing is told with that. */
export function reopenedThings(replaced: ComparedSite, backup: ComparedSite): Reopened[] {
  const things: readonly (readonly [Kind, (site: ComparedSite) => ReadonlyMap<string, object>])[] = [
    [settings, site => new Map([['settings', site.settings]])],
    [user, site => site.users],
    [application, site => site.applications],
    [team, site => site.teams],
    [member, site => site.members],
    [project, site => site.projects],
    [collaborator, site => site.collaborators],
    [teamCollaborator, site => site.teamCollaborators],
    [model, site => site.models],
  ];
  const back = new Set<string>();
  return things.flatMap(([kind, of]) => {
    const known = of(replaced);
    return [...of(backup)].flatMap(([id, thing]) => {
      const old = known.get(id);
      return old ? reopenedParts(kind, id, old, thing) : broughtBack(kind, id, thing as Fields, back);
    });
  });
}

function reopenedParts(
  { kind, parts }: Pick<Kind, 'kind' | 'parts'>,
  id: string,
  old: object,
  thing: object,
): Reopened[] {
  return parts.flatMap(({ fields, command, end }) => {
    const after = Object.fromEntries(fields.map(field => [field, (thing as Fields)[field]]));
    const opens = opensOf(toStep('update', kind, id, { before: old, after }));
    const ending = end && { end: (writes: Writes) => end(writes, old as Fields) };
    return opens.length > 0 ? [{ kind, id, opens, command: command(old as Fields), ...ending }] : [];
  });
}

function broughtBack(
  { kind, remove, end, within = () => [] }: Kind,
  id: string,
  thing: Fields,
  back: Set<string>,
): Reopened[] {
  back.add(`${kind} ${id}`);
  if (thing['deactivated'] === true || within(thing).some(([holder, name]) => back.has(`${holder} ${name}`))) {
    return [];
  }
  const opens = ['not in the store that is replaced', ...opensOf(toStep('create', kind, id, { after: thing }))];
  const ending = end && { end: (writes: Writes) => end(writes, thing) };
  return [{ kind, id, opens, command: remove(thing), ...ending }];
}

function opensOf({ opens = [] }: Step): readonly string[] {
  return opens;
}
