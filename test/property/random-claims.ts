import fc from 'fast-check';
import type { AccessKeyClaim, ApiKeyClaim, Credentials, SeenInPart } from '../../src/credentials/credentials.ts';
import type { Claims, KeyRead, SentKey } from './plain-model.ts';
import { accessKeyOf, modelIds, secrets, unknownSecret } from './random-sites.ts';

const keyRead: fc.Arbitrary<KeyRead> = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom('absent' as const, 'absent' as const, 'not_a_string' as const) },
  { weight: 1, arbitrary: fc.constantFrom(...modelIds, 'nowhere').map(modelId => ({ key: accessKeyOf(modelId) })) },
);
const accessKey: fc.Arbitrary<Claims['accessKey']> = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...modelIds).map(modelId => ({ key: accessKeyOf(modelId) })) },
  { weight: 1, arbitrary: fc.constant({ key: 'unknown' }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom('absent' as const, 'not_a_string' as const, 'ambiguous' as const),
  },
  { weight: 4, arbitrary: keyRead.map(seenInPart => ({ seenInPart })) },
);
const sentKey: fc.Arbitrary<SentKey> = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...secrets).map(key => ({ value: key, key })) },
  { weight: 1, arbitrary: fc.constantFrom('nobody', unknownSecret).map(key => ({ value: key, key })) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('Basic dTpw', ...secrets.map(key => `${key},`))
      .map(value => ({ value, key: undefined })),
  },
);
const apiKeys = fc.oneof(
  { weight: 8, arbitrary: sentKey.map(sent => [sent]) },
  { weight: 1, arbitrary: fc.constant([]) },
  { weight: 2, arbitrary: fc.array(sentKey, { minLength: 2, maxLength: 4 }) },
);
const pin = fc.oneof(
  { weight: 12, arbitrary: fc.constant(undefined) },
  fc.constantFrom(...modelIds),
  fc.constantFrom(...modelIds, 'nowhere'),
);
/** Calls as the decision sees them: what was read of their keys. */
export const randomClaims: fc.Arbitrary<Claims> = fc.record({ accessKey, apiKeys, pin });

function accessKeyClaimOf(model: Claims['accessKey']): AccessKeyClaim {
  if (model === 'ambiguous') return { kind: model };
  return typeof model === 'object' && 'seenInPart' in model
    ? { kind: 'incomplete', seen: claimOf(model.seenInPart) }
    : claimOf(model);
}

function claimOf(read: KeyRead): SeenInPart {
  return typeof read === 'string' ? { kind: read } : { kind: 'one', accessKey: read.key };
}

function apiKeyClaimOf(sent: readonly SentKey[]): ApiKeyClaim {
  const [first] = sent;
  if (first === undefined) return { kind: 'absent' };
  if (sent.some(({ key }) => key !== first.key) || (sent.length > 1 && first.key === undefined)) {
    return { kind: 'several', sent: sent.map(({ value, key }) => ({ value, apiKey: key })) };
  }
  return first.key === undefined ? { kind: 'malformed' } : { kind: 'one', apiKey: first.key };
}

/** The same in the words of the code. */
export function credentialsOf({ accessKey: model, apiKeys: sent, pin: pinned }: Claims): Credentials {
  return {
    accessKey: accessKeyClaimOf(model),
    apiKey: apiKeyClaimOf(sent),
    pin: pinned,
    accessKeyInQuery: false,
  };
}
