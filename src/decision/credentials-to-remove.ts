import {
  type ApiKeyClaim,
  type ApiKeyHeader,
  apiKeyHeaders,
  type CredentialSource,
} from '../credentials/credentials.ts';
import { holdsKeyOfOurs, textsIn } from '../credentials/holds-own-key.ts';
import { trimWhitespace } from '../credentials/trim-whitespace.ts';
import { lookupDigestOf } from '../keys/digest.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { Allow } from './decision.ts';

/** These say who calls, and nothing that a model whose authentication is on would need. */
const sayWhoCalls: readonly ApiKeyHeader[] = ['authorization', 'x-api-key'];
const others: readonly ApiKeyHeader[] = apiKeyHeaders.filter(name => !sayWhoCalls.includes(name));

/**
 * Headers of API keys that must not reach the model (B25, B53): `authorization` and `x-api-key` where authentication is on; any
 * of them that holds a key of ours, however it is written there. What else stands in them may be the model's own.
 */
export function credentialsToRemove(
  { model, caller }: Allow,
  source: CredentialSource,
  claim: ApiKeyClaim,
  snapshot: Snapshot | undefined,
): readonly ApiKeyHeader[] {
  // The caller was read from all of these that are not blank, so that nobody has to look for a key there again.
  const areCallers = caller !== undefined && claim.kind === 'one';
  const holdsOurs = (name: ApiKeyHeader) => {
    const value = source.header(name);
    return value !== undefined && (areCallers ? trimWhitespace(value) !== '' : isOurs(value, snapshot));
  };
  const more = others.some(name => source.header(name) !== undefined) ? others.filter(holdsOurs) : [];
  const known = model.auth_enabled ? sayWhoCalls : sayWhoCalls.filter(holdsOurs);
  return more.length === 0 ? known : [...known, ...more];
}

/** A value with too many texts to look at counts as ours: it is not known to hold none. */
function isOurs(value: string, snapshot: Snapshot | undefined): boolean {
  if (holdsKeyOfOurs(value)) return true;
  const texts = textsIn(value);
  return texts === undefined || [...texts].some(text => snapshot?.apiKey(lookupDigestOf(text)) !== undefined);
}
