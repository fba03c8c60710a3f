import type { ApiKeyClaim, SentKey } from '../credentials/credentials.ts';
import { holdsCheckedKeyOfOurs, textsIn } from '../credentials/holds-own-key.ts';
import { lookupDigestOf } from '../keys/digest.ts';
import { isSecret } from '../keys/holds-checked-secret.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';

/** Characters of a value that is looked through for keys known by their digest, so that no header costs milliseconds. */
const lookedThroughMax = 4096;

/** The one API key that counts, or why there is none. */
export type ChosenApiKey = Exclude<ApiKeyClaim, { readonly kind: 'several' }> | { readonly kind: 'ambiguous' };

/**
 * Which of several headers holds the API key (B53): the one that holds a key of ours, by B42's form with its checksum or by
 * its digest; what else stands in the others is their own affair. A key of ours that stands in a header otherwise than that
 * header is read, repeated or in Basic, counts as one more that differs: nobody can say which of them was meant.
 */
export function chooseApiKey(snapshot: Snapshot, claim: ApiKeyClaim): ChosenApiKey {
  if (claim.kind !== 'several') return claim;
  const keys = new Set(claim.sent.flatMap(sent => keyIn(sent, snapshot)));
  const [apiKey] = keys;
  if (keys.size > 1) return { kind: 'ambiguous' };
  return apiKey === undefined ? { kind: 'malformed' } : { kind: 'one', apiKey };
}

/** The key of ours that a header is; undefined where it only holds one; nothing where it holds none. */
function keyIn({ value, apiKey }: SentKey, snapshot: Snapshot): readonly (string | undefined)[] {
  if (apiKey !== undefined && (isSecret(apiKey) || isKnown(apiKey, snapshot))) return [apiKey];
  return holdsCheckedKeyOfOurs(value) || holdsKnownText(value, snapshot) ? [undefined] : [];
}

/** A value that is too long, or has too many texts to look at, is taken to hold none: tokens of others are such. */
function holdsKnownText(value: string, snapshot: Snapshot): boolean {
  if (value.length > lookedThroughMax) return false;
  return [...(textsIn(value) ?? [])].some(text => isKnown(text, snapshot));
}

function isKnown(text: string, snapshot: Snapshot): boolean {
  return snapshot.apiKey(lookupDigestOf(text)) !== undefined;
}
