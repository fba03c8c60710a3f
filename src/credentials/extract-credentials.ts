import type { AccessKeyClaim, CredentialSource, Credentials } from './credentials.ts';
import { isEncoded } from './is-encoded.ts';
import { isPartialBody } from './partial-body.ts';
import { ABSENT, AMBIGUOUS, agree, type Placement, placementOf } from './placement.ts';
import { readAccessKeyHeader } from './read-access-key-header.ts';
import { readApiKey } from './read-api-key.ts';
import { readQuery } from './read-query.ts';
import { type BodyScan, scanBody } from './scan-body.ts';

const NOT_A_STRING = { kind: 'not_a_string' } as const;

/**
 * Reads every credential of a request: which model it names (B2 to B5) and who it says is calling (B6). Total, and
 * always reads the body to its end, also where a key stands elsewhere (B5). `bodyBytesMax` is the proxy's limit in
 * bytes.
 */
export function extractCredentials(source: CredentialSource, bodyBytesMax: number): Credentials {
  const query = readQuery(source.path, source.query);
  const header = readAccessKeyHeader(source.header('x-model-access-key'));
  const bytes = source.body;
  const body = scanBody(bytes);
  const partial = isPartialBody(source, bytes.length, bodyBytesMax);
  const encoded = isEncoded(source.header('content-encoding'));
  return {
    accessKey: joinPlacements(agree(query.placement, header), body, partial, encoded),
    apiKey: readApiKey(source),
    pin: source.pin,
    accessKeyInQuery: query.named,
  };
}

/**
 * First match wins: ambiguous, incomplete, not a string, then the key or its absence. What was read in a body that may
 * carry no key (malformed, compressed) can still contradict a key from elsewhere, but never name one.
 */
function joinPlacements(elsewhere: Placement, body: BodyScan, partial: boolean, encoded: boolean): AccessKeyClaim {
  const everywhere = agree(elsewhere, body.conflict ? AMBIGUOUS : placementOf(body.accessKey));
  if (everywhere.kind === 'ambiguous' || contradicts(body.folded, everywhere)) return AMBIGUOUS;
  // A later member may still contradict the one in the prefix, so the prefix alone names nothing.
  const read = body.notAString ? NOT_A_STRING : everywhere;
  if (partial && elsewhere.kind === 'absent') return { kind: 'incomplete', seen: encoded ? ABSENT : read };
  return encoded || !(body.whole || partial) ? elsewhere : read;
}

/** A fold-equal member is no access key, but some upstreams would read it instead of the key in force (B4). */
function contradicts(folded: BodyScan['folded'], inForce: Placement): boolean {
  return folded !== undefined && inForce.kind === 'one' && folded !== inForce.accessKey;
}
