import { expect } from 'chai';
import { toStep } from '../../../src/admin/site/plan-step.ts';

const opensOf = (kind: string, before: object | undefined, after: object) =>
  toStep(before ? 'update' : 'create', kind, 'x', { before, after }).opens;

describe('steps of a plan', () => {
  for (const [kind, before, after, opens] of [
    ['settings', { default_api_key_expiration_days: 30 }, { default_api_key_expiration_days: 60 }, true],
    ['settings', { default_api_key_expiration_days: 60 }, { default_api_key_expiration_days: 30 }, false],
    ['settings', { stale_after_seconds: 60 }, { stale_after_seconds: 0 }, true],
    ['settings', { stale_after_seconds: 0 }, { stale_after_seconds: 60 }, false],
    ['user', undefined, { site_admin: true }, true],
    ['user', undefined, { site_admin: false }, false],
    ['user', { site_admin: false }, { site_admin: true }, true],
    ['user', { site_admin: true }, { name: 'n' }, false],
    ['user', { deactivated: true }, { deactivated: false }, true],
    ['application', { owner: 'a' }, { owner: 'b' }, true],
    ['team_member', undefined, { permission: 'read' }, true],
    ['team_member', { permission: 'read' }, { permission: 'write' }, true],
    ['team_member', { permission: 'write' }, { permission: 'read' }, false],
    ['collaborator', undefined, { permission: 'business_user' }, true],
    ['collaborator', { permission: 'operator' }, { permission: 'admin' }, true],
    ['collaborator', { permission: 'admin' }, { permission: 'operator' }, false],
    ['team_collaborator', { permission: 'read', mode: 'inherit' }, { permission: 'read', mode: 'override' }, true],
    ['project', undefined, { visibility: 'private' }, false],
    ['project', undefined, { visibility: 'public' }, true],
    ['project', { visibility: 'private' }, { visibility: 'organization' }, true],
    ['project', { visibility: 'public' }, { visibility: 'organization' }, false],
    ['project', { owner_user: 'a', owner_team: null }, { owner_user: null, owner_team: 't' }, true],
    ['model', undefined, { auth_enabled: false }, true],
    ['model', { auth_enabled: true }, { auth_enabled: false }, true],
    ['model', { auth_enabled: false }, { auth_enabled: true }, false],
    ['model', { auth_enabled: false }, { name: 'n' }, false],
    ['model', { state: 'stopped' }, { state: 'running' }, true],
    ['model', { access_key: 'mnew' }, { access_key: 'mold' }, true],
    ['model', { access_key: 'mnew' }, { name: 'n' }, false],
    ['api_key', undefined, { created_at: 2, expires_at: null, ended_at: null }, true],
    ['api_key', undefined, { created_at: 2, expires_at: null, ended_at: null, restored: 1 }, true],
    ['api_key', undefined, { created_at: 2, expires_at: 1, ended_at: null }, false],
    ['api_key', undefined, { created_at: 2, expires_at: null, ended_at: 2 }, false],
    ['api_key', { audiences: ['MLOps'], models: null }, { audiences: ['MLOps', 'API'] }, true],
    ['api_key', { audiences: ['MLOps', 'API'], models: null }, { audiences: ['API'] }, false],
    ['api_key', { audiences: [], models: ['a'] }, { models: null }, true],
    ['api_key', { audiences: [], models: ['a', 'b'] }, { models: ['a'] }, false],
    ['api_key', { audiences: [], models: ['a'] }, { models: ['b'] }, true],
    ['api_key', { audiences: [], models: null, expires_at: 1 }, { expires_at: null }, true],
    ['api_key', { audiences: [], models: null, expires_at: null }, { expires_at: 1 }, false],
  ] as const) {
    it(`of a ${kind} from ${JSON.stringify(before)} to ${JSON.stringify(after)} ${opens ? 'opens something' : 'opens nothing'}`, () => {
      expect(opensOf(kind, before, after) !== undefined).to.equal(opens);
    });
  }

  it('have the old and new value of what changes, in the words of the document, and no access key', () => {
    const before = { name: 'old', access_key: 'mold', expires_at: 0, comments: 'same' };
    const after = { name: 'new', access_key: 'mnew', expires_at: null, comments: 'same' };
    expect(toStep('update', 'thing', 'x', { before, after })).to.deep.equal({
      action: 'update',
      kind: 'thing',
      id: 'x',
      fields: [
        { field: 'name', old: 'old', new: 'new' },
        { field: 'access_key', old: '(confidential)', new: '(confidential)' },
        { field: 'expiry_date', old: '1970-01-01T00:00:00.000Z', new: null },
      ],
    });
  });
});
