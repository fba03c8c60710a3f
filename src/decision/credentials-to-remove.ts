import type { CredentialSource } from '../credentials/credentials.ts';
import { holdsKeyOfOurs, wordsIn } from '../credentials/holds-own-key.ts';
import { trimWhitespace } from '../credentials/trim-whitespace.ts';
import { lookupDigestOf } from '../keys/digest.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { Allow } from './decision.ts';

const credentialHeaders = ['authorization', 'x-api-key'] as const;

/**
 * Headers that must not reach the model (B25): both credential headers where authentication is on;
 * where it is off, only one that holds a key of ours, however it is written there, since the model may
 * want its own.
 */
export function credentialsToRemove(
  allow: Allow,
  source: CredentialSource,
  snapshot: Snapshot | undefined,
): readonly string[] {
  if (allow.model.auth_enabled) return credentialHeaders;
  return credentialHeaders.filter(name => {
    const value = source.header(name);
    // Who the caller is was read from all of them that are not blank.
    return value !== undefined && (allow.caller ? trimWhitespace(value) !== '' : isOurs(value, snapshot));
  });
}

function isOurs(value: string, snapshot: Snapshot | undefined): boolean {
  return holdsKeyOfOurs(value) || wordsIn(value).some(word => snapshot?.apiKey(lookupDigestOf(word)) !== undefined);
}
