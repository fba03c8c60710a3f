import { digestOf } from '../../src/keys/digest.ts';
import { application, type FuzzProject, type FuzzSite } from './fuzz-site.ts';

/** Keys and models that no call names: with them a change is large, and takes the server another way. */
export interface Filler {
  readonly keys: number;
  readonly models: number;
  /** Written to each of them, so that another value changes them all. */
  readonly stamp: number;
}

export const fillerOwner = 'filler';
/** Users that stand behind the fuzzer and not in its calls. */
const others = ['root', fillerOwner];

/** The whole site as its admin applies it; pruned by it, nothing else is left but filler. */
export function documentOf(site: FuzzSite): Record<string, unknown> {
  const people = [...site.principals].filter(([name]) => name !== application);
  return {
    users: [
      ...others.map(username => ({ username })),
      ...people.map(([username, active]) => ({ username, deactivated: !active })),
    ],
    applications: [{ name: application, owner: 'root', deactivated: site.principals.get(application) !== true }],
    teams: [...site.teams].map(([team, members]) => ({ team, members: pairs(members) })),
    projects: [...projectsOf(site), { project_id: 'filler', owner: { username: fillerOwner } }],
    api_keys: keysOf(site),
  };
}

/** Nothing but keys. */
export function keysOf(site: FuzzSite): Record<string, unknown>[] {
  return [...site.keys].map(([key_id, { secret, owner, audiences, expiresAt, models }]) => ({
    key_id,
    username: owner,
    digest: digestOf(secret),
    expiry_date: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    audiences,
    models,
  }));
}

export function projectsOf(site: FuzzSite): Record<string, unknown>[] {
  return [...site.projects].map(([project_id, project]) => ({ project_id, ...projectOf(project) }));
}

export function fillerKeys({ keys, stamp }: Filler): Record<string, unknown>[] {
  return Array.from({ length: keys }, (_, n) => ({
    key_id: `filler-${n}`,
    username: fillerOwner,
    digest: digestOf(`filler ${n}`),
    expiry_date: null,
    audiences: stamp % 2 === 0 ? ['API'] : ['Application'],
  }));
}

export function fillerProject({ models, stamp }: Filler): Record<string, unknown> {
  return {
    project_id: 'filler',
    models: Array.from({ length: models }, (_, n) => ({
      model_id: `filler-${n}`,
      access_key: `access-key-of-filler-${n}`,
      state: stamp % 2 === 0 ? 'running' : 'stopped',
    })),
  };
}

function projectOf({ owner, visibility, collaborators, teams, models }: FuzzProject): Record<string, unknown> {
  return {
    owner,
    visibility,
    collaborators: pairs(collaborators),
    team_collaborators: [...teams].map(([team, how]) => ({ team, ...how })),
    models: [...models].map(([model_id, { accessKey, authEnabled, authShadow, stopped }]) => ({
      model_id,
      access_key: accessKey,
      auth_enabled: authEnabled,
      auth_shadow: authShadow,
      state: stopped ? 'stopped' : 'running',
    })),
  };
}

function pairs(held: ReadonlyMap<string, unknown>): { username: string; permission: unknown }[] {
  return [...held].map(([username, permission]) => ({ username, permission }));
}
