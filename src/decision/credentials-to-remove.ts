import type { ApiKeyClaim, CredentialSource } from '../credentials/credentials.ts';
import { holdsKeyOfOurs } from '../credentials/own-form.ts';
import { readApiKey } from '../credentials/read-api-key.ts';
import { digestOf } from '../keys/digest.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { Allow } from './decision.ts';

const authorization = 'authorization';
const apiKeyHeader = 'x-api-key';

/**
 * Headers that must not reach the model (B25): both credential headers where authentication is on;
 * where it is off, only one that holds a key of ours, since the model may want its own.
 */
export function credentialsToRemove(
  allow: Allow,
  source: CredentialSource,
  snapshot: Snapshot | undefined,
): readonly string[] {
  if (allow.model.auth_enabled) {
    return [authorization, apiKeyHeader];
  }
  const bearer = source.header(authorization);
  const bare = source.header(apiKeyHeader);
  return [
    ...(bearer !== undefined && isOurs(bearer, readApiKey(bearer, undefined), snapshot) ? [authorization] : []),
    ...(bare !== undefined && isOurs(bare, readApiKey(undefined, bare), snapshot) ? [apiKeyHeader] : []),
  ];
}

function isOurs(value: string, claim: ApiKeyClaim, snapshot: Snapshot | undefined): boolean {
  return holdsKeyOfOurs(value) || (claim.kind === 'one' && snapshot?.apiKey(digestOf(claim.apiKey)) !== undefined);
}
