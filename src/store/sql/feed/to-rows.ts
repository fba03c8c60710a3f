import type { Put } from '../../../changes/change-set.ts';
import { digestOf } from '../../../keys/digest.ts';
import type {
  ApiKeyRecord,
  CollaboratorRecord,
  ModelRecord,
  ProjectRecord,
  Settings,
  TeamCollaboratorRecord,
  TeamMemberRecord,
} from '../../records.ts';

/** How each record looks to a check: the one place where it is said what leaves the store. */

export function userPut(user: { readonly username: string; readonly deactivated: boolean }): Put {
  const row = { principal: user.username, principal_kind: 'user', active: !user.deactivated } as const;
  return { op: 'put', kind: 'principal', row };
}

export function applicationPut(application: { readonly name: string; readonly deactivated: boolean }): Put {
  const row = { principal: application.name, principal_kind: 'application', active: !application.deactivated } as const;
  return { op: 'put', kind: 'principal', row };
}

export function apiKeyPut(key: ApiKeyRecord, digest: string): Put {
  const { key_id, principal, audiences, expires_at, models } = key;
  return { op: 'put', kind: 'api_key', row: { key_id, digest, principal, audiences, expires_at, models } };
}

export function teamMemberPut({ team, username, permission }: TeamMemberRecord): Put {
  return { op: 'put', kind: 'team_member', row: { team, principal: username, permission } };
}

export function projectPut({ project_id, owner_user, owner_team, visibility }: ProjectRecord): Put {
  return { op: 'put', kind: 'project', row: { project_id, owner_user, owner_team, visibility } };
}

export function collaboratorPut({ project_id, principal, permission }: CollaboratorRecord): Put {
  return { op: 'put', kind: 'collaborator', row: { project_id, principal, permission } };
}

export function teamCollaboratorPut({ project_id, team, mode, permission }: TeamCollaboratorRecord): Put {
  return { op: 'put', kind: 'team_collaborator', row: { project_id, team, mode, permission } };
}

export function modelPut(model: ModelRecord): Put {
  const { model_id, project_id, target, auth_enabled, auth_shadow } = model;
  const access_key_digest = digestOf(model.access_key);
  const stopped = model.state === 'stopped';
  return {
    op: 'put',
    kind: 'model',
    row: { model_id, project_id, access_key_digest, target, auth_enabled, auth_shadow, stopped },
  };
}

export function settingsPut({ stale_after_seconds }: Settings): Put {
  return { op: 'put', kind: 'settings', row: { stale_after_seconds } };
}
