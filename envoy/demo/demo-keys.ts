import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { AdminApi } from './admin-api.ts';

const siteFile = new URL('../../../envoy/demo/demo-site.yaml', import.meta.url);

/** Everything that the demo's calls are made with; the same values go to `.demo/env`. */
export interface DemoKeys {
  readonly accessKeyFraud: string;
  readonly accessKeyChurn: string;
  readonly apiKeyViewer: string;
  readonly apiKeyOutsider: string;
  readonly apiKeyExpired: string;
  readonly legacyKeyViewer: string;
}

export const fraudPath = '/api/v2/projects/risk/models/fraud';
export const churnPath = '/api/v2/projects/marketing/models/churn';
export const viewerKeysPath = '/api/v2/users/victor/v2_keys';

/** Seeds the site by the same `site:apply` that users have, and makes the demo's keys. Tests of models go through the gateway. */
export async function seed(api: AdminApi, gateway: string): Promise<DemoKeys> {
  const document = parse(await readFile(siteFile, 'utf8')) as object;
  // No route makes a key that is expired already; an import may bring one.
  const expired = `imported.${randomBytes(32).toString('hex')}`;
  const digest = createHash('sha256').update(expired).digest('hex');
  const imported = { key_id: 'imported-expired', username: 'victor', digest, expiry_date: '2020-01-01' };
  await api('POST', '/api/v2/site:apply', {
    ...document,
    settings: { gateway_url: gateway },
    api_keys: [imported],
  });
  const text = async (method: string, path: string, field: string, body?: object) =>
    String((await api(method, path, body))[field]);
  return {
    accessKeyFraud: await text('GET', fraudPath, 'access_key'),
    accessKeyChurn: await text('GET', churnPath, 'access_key'),
    apiKeyViewer: await text('POST', viewerKeysPath, 'api_key', { comments: 'demo' }),
    apiKeyOutsider: await text('POST', '/api/v2/users/oscar/v2_keys', 'api_key', { comments: 'demo' }),
    apiKeyExpired: expired,
    legacyKeyViewer: await text('POST', '/api/v2/users/victor/v1_key:rotate', 'legacy_key'),
  };
}
