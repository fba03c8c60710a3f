import { type ApiKeyHeader, apiKeyHeaders, type CredentialSource } from '../credentials/credentials.ts';
import { holdsKeyOfOurs, textsIn } from '../credentials/holds-own-key.ts';
import { lookupDigestOf } from '../keys/digest.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { Allow } from './decision.ts';

/** These say who calls, and nothing that a model whose authentication is on would need. */
const alwaysWithAuthentication: readonly ApiKeyHeader[] = ['authorization', 'x-api-key'];

/**
 * Headers of API keys that must not reach the model (B25): `authorization` and `x-api-key` where authentication is on; any of
 * them that holds a key of ours, however it is written there. What else stands in them may be the model's own.
 */
export function credentialsToRemove(
  { model }: Allow,
  source: CredentialSource,
  snapshot: Snapshot | undefined,
): readonly ApiKeyHeader[] {
  const always = model.auth_enabled ? alwaysWithAuthentication : [];
  return apiKeyHeaders.filter(name => {
    if (always.includes(name)) return true;
    const value = source.header(name);
    return value !== undefined && isOurs(value, snapshot);
  });
}

/** A value with too many texts to look at counts as ours: it is not known to hold none. */
function isOurs(value: string, snapshot: Snapshot | undefined): boolean {
  if (holdsKeyOfOurs(value)) return true;
  const texts = textsIn(value);
  return texts === undefined || [...texts].some(text => snapshot?.apiKey(lookupDigestOf(text)) !== undefined);
}
