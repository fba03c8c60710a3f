import { makeAccessKey } from '../../keys/access-key.ts';
import type { ModelRecord } from '../../store/records.ts';
import { fieldError } from '../api-error.ts';
import type { SiteModel, SiteProject } from '../schemas/site.ts';
import { type Apply, differs, given } from './step.ts';

export async function applyProjects(apply: Apply, projects: readonly SiteProject[]): Promise<void> {
  for (const project of projects) {
    await applyProject(apply, project);
    await applyCollaborators(apply, project);
    await applyTeamCollaborators(apply, project);
    for (const model of project.models) {
      await applyModel(apply, project.project_id, model);
    }
  }
}

async function applyProject({ writes, now, step }: Apply, project: SiteProject): Promise<void> {
  const { project_id, name, owner, visibility } = project;
  const owners = owner && {
    owner_user: 'username' in owner ? owner.username : null,
    owner_team: 'team' in owner ? owner.team : null,
  };
  const old = await writes.findProject(project_id);
  if (old) {
    const wanted = { name, visibility, ...owners };
    if (differs(old, wanted)) {
      await step('update', 'project', project_id, () => writes.updateProject(project_id, given(wanted)));
    }
    return;
  }
  if (!owners) {
    throw fieldError(`projects.${project_id}.owner`, 'a new project needs an owner: {username: …} or {team: …}');
  }
  const created = {
    project_id,
    name: name ?? project_id,
    visibility: visibility ?? 'private',
    ...owners,
    created_at: now,
  };
  await step('create', 'project', project_id, () => writes.insertProject(created as never));
}

async function applyCollaborators({ writes, step }: Apply, { project_id, collaborators }: SiteProject): Promise<void> {
  const old = new Map((await writes.findCollaborators([project_id])).map(each => [each.principal, each.permission]));
  for (const { username, permission } of collaborators) {
    if (old.get(username) !== permission) {
      const action = old.has(username) ? 'update' : 'create';
      await step(action, 'collaborator', `${project_id}/${username}`, () =>
        writes.putCollaborator(project_id, username, permission),
      );
    }
  }
}

async function applyTeamCollaborators(
  { writes, step }: Apply,
  { project_id, team_collaborators }: SiteProject,
): Promise<void> {
  const old = new Map((await writes.findTeamCollaborators([project_id])).map(each => [each.team, each]));
  for (const { team, mode, permission } of team_collaborators) {
    const before = old.get(team);
    if (!before || differs(before, { mode, permission })) {
      await step(before ? 'update' : 'create', 'team_collaborator', `${project_id}/${team}`, () =>
        writes.putTeamCollaborator(project_id, team, mode, permission),
      );
    }
  }
}

async function applyModel({ writes, now, step }: Apply, project_id: string, model: SiteModel): Promise<void> {
  const { model_id, ...wanted } = model;
  const old = await writes.findModel(model_id);
  if (!old) {
    await step('create', 'model', model_id, () => writes.insertModel(newModel(project_id, model, now)));
    return;
  }
  if (old.project_id !== project_id) {
    throw fieldError(`projects.${project_id}.models.${model_id}`, `the model belongs to project ${old.project_id}`);
  }
  if (differs(old, wanted)) {
    await step('update', 'model', model_id, () => writes.updateModel(model_id, given(wanted)));
  }
}

/** A model that brings its access key existed before, so its callers send no API key yet: B34. */
function newModel(project_id: string, model: SiteModel, now: number): ModelRecord {
  const { model_id, name, access_key, target, auth_enabled, auth_shadow, state } = model;
  return {
    model_id,
    project_id,
    name: name ?? model_id,
    access_key: access_key ?? makeAccessKey(),
    target: target ?? model_id,
    auth_enabled: auth_enabled ?? access_key === undefined,
    auth_shadow: auth_shadow ?? false,
    state: state ?? 'running',
    created_at: now,
  };
}
