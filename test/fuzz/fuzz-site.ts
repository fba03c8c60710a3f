import type { Permission, Put, TeamMode, Visibility } from '../../src/changes/change-set.ts';
import { digestOf } from '../../src/keys/digest.ts';
import { put } from '../support/site.ts';

export interface FuzzModel {
  accessKey: string;
  authEnabled: boolean;
  authShadow: boolean;
  stopped: boolean;
}

export interface FuzzProject {
  owner: { username: string } | { team: string };
  visibility: Visibility;
  readonly collaborators: Map<string, Permission>;
  readonly teams: Map<string, { readonly mode: TeamMode; readonly permission: Permission }>;
  readonly models: Map<string, FuzzModel>;
}

export interface FuzzKey {
  readonly secret: string;
  readonly owner: string;
  audiences: readonly string[];
  expiresAt: number | null;
  models: readonly string[] | null;
}

/** What decides the calls of a run, as plain things; what only makes a change large is not in it. */
export interface FuzzSite {
  /** Whether each is active; application `app` among them. */
  readonly principals: Map<string, boolean>;
  readonly teams: Map<string, Map<string, Permission>>;
  readonly projects: Map<string, FuzzProject>;
  /** By Key ID. One that was revoked, or ended with its owner, is gone for good. */
  readonly keys: Map<string, FuzzKey>;
  /** Secrets of keys that are still to come. */
  readonly unused: string[];
}

export const users = ['ada', 'ben', 'cy'];
export const application = 'app';
export const principals = [...users, application];
export const teams = ['t0', 't1'];
export const projects = ['p0', 'p1'];

export function copyOf(site: FuzzSite): FuzzSite {
  return structuredClone(site);
}

export function modelsOf(site: FuzzSite): [string, FuzzModel][] {
  return [...site.projects.values()].flatMap(({ models }) => [...models]);
}

/** The site as the rows that the plain model of the rules reads. */
export function rowsOf(site: FuzzSite): Put[] {
  const rows: Put[] = [put('settings', { stale_after_seconds: 0 })];
  for (const [principal, active] of site.principals) {
    rows.push(
      put('principal', { principal, principal_kind: principal === application ? 'application' : 'user', active }),
    );
  }
  for (const [team, members] of site.teams) {
    for (const [principal, permission] of members) rows.push(put('team_member', { team, principal, permission }));
  }
  for (const [project_id, project] of site.projects) rows.push(...projectRows(project_id, project));
  for (const [key_id, { secret, owner, audiences, expiresAt, models }] of site.keys) {
    const row = { key_id, digest: digestOf(secret), principal: owner, audiences, expires_at: expiresAt, models };
    rows.push(put('api_key', row));
  }
  return rows;
}

function projectRows(
  project_id: string,
  { owner, visibility, collaborators, teams: added, models }: FuzzProject,
): Put[] {
  const owner_user = 'username' in owner ? owner.username : null;
  const owner_team = 'team' in owner ? owner.team : null;
  return [
    put('project', { project_id, owner_user, owner_team, visibility }),
    ...[...collaborators].map(([principal, permission]) => put('collaborator', { project_id, principal, permission })),
    ...[...added].map(([team, how]) => put('team_collaborator', { project_id, team, ...how })),
    ...[...models].map(([model_id, { accessKey, authEnabled, authShadow, stopped }]) =>
      put('model', {
        model_id,
        project_id,
        access_key_digest: digestOf(accessKey),
        target: model_id,
        auth_enabled: authEnabled,
        auth_shadow: authShadow,
        stopped,
      }),
    ),
  ];
}
