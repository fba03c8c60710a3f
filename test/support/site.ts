import type { Change, Permission, Put, Rows } from '../../src/changes/change-set.ts';
import { digestOf } from '../../src/keys/digest.ts';
import { FlatIndex } from '../../src/snapshot/flat-index.ts';

/** Keys of the sample site; their form does not matter to a lookup. */
export const accessKeys = { fraud: 'm0000000000000000000000000000fraud', open: 'm000000000000000000000000000000open' };
export const apiKeys = {
  viewer: 'key-of-the-viewer',
  outsider: 'key-of-the-outsider',
  expired: 'key-that-is-expired',
  application: 'key-for-applications-only',
  scoped: 'key-narrowed-to-another-model',
  business: 'key-of-the-business-user',
};
/** The instant at which tests decide, in milliseconds since 1970. */
export const testNow = Date.UTC(2026, 0, 15, 12);

export function put<K extends keyof Rows>(kind: K, row: Rows[K]): Put {
  return { op: 'put', kind, row } as Put;
}

export function principal(name: string, row: Partial<Rows['principal']> = {}): Put {
  return put('principal', { principal: name, principal_kind: 'user', active: true, ...row });
}

export function project(row: Partial<Rows['project']> = {}): Put {
  return put('project', { project_id: 'p', owner_user: 'owner', owner_team: null, visibility: 'private', ...row });
}

export function collaborator(name: string, permission: Permission): Put {
  return put('collaborator', { project_id: 'p', principal: name, permission });
}

export function model(row: Partial<Rows['model']> & { readonly accessKey?: string } = {}): Put {
  const { accessKey = accessKeys.fraud, ...rest } = row;
  return put('model', {
    model_id: 'fraud',
    project_id: 'p',
    access_key_digest: digestOf(accessKey),
    target: 'cluster-fraud',
    auth_enabled: true,
    auth_shadow: false,
    stopped: false,
    ...rest,
  });
}

export function apiKey(secret: string, owner: string, row: Partial<Rows['api_key']> = {}): Put {
  return put('api_key', {
    key_id: `id-of-${secret}`,
    digest: digestOf(secret),
    principal: owner,
    audiences: ['API'],
    expires_at: null,
    models: null,
    ...row,
  });
}

/** One private project with a protected and an open model, and one key for each way to be refused. */
export const sampleSite: readonly Put[] = [
  put('settings', { stale_after_seconds: 0 }),
  principal('owner'),
  principal('viewer'),
  principal('outsider'),
  principal('business'),
  project(),
  collaborator('viewer', 'read'),
  collaborator('business', 'business_user'),
  model(),
  model({ model_id: 'open', accessKey: accessKeys.open, target: 'open', auth_enabled: false }),
  apiKey(apiKeys.viewer, 'viewer'),
  apiKey(apiKeys.outsider, 'outsider'),
  apiKey(apiKeys.expired, 'viewer', { expires_at: testNow - 1 }),
  apiKey(apiKeys.application, 'viewer', { audiences: ['Application'] }),
  apiKey(apiKeys.scoped, 'viewer', { models: ['open'] }),
  apiKey(apiKeys.business, 'business'),
];

/** A snapshot of the sample site with more changes on top of it. */
export function snapshotWith(...changes: readonly Change[]): FlatIndex {
  const index = FlatIndex.build({ epoch: 'epoch', revision: 1, puts: sampleSite });
  index.apply(2, changes);
  return index;
}
