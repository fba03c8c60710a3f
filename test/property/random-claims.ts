import fc from 'fast-check';
import type { AccessKeyClaim, Credentials, SeenInPart } from '../../src/credentials/credentials.ts';
import type { Claims, KeyRead } from './plain-model.ts';
import { accessKeyOf, modelIds, secrets } from './random-sites.ts';

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
const apiKey: fc.Arbitrary<Claims['apiKey']> = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...secrets).map(key => ({ key })) },
  { weight: 1, arbitrary: fc.constant({ key: 'nobody' }) },
  { weight: 4, arbitrary: fc.constantFrom('absent' as const, 'malformed' as const, 'two_differ' as const) },
);
const pin = fc.oneof(
  { weight: 12, arbitrary: fc.constant(undefined) },
  fc.constantFrom(...modelIds),
  fc.constantFrom(...modelIds, 'nowhere'),
);
/** Calls as the decision sees them: what was read of their keys. */
export const randomClaims: fc.Arbitrary<Claims> = fc.record({ accessKey, apiKey, pin });

function accessKeyClaimOf(model: Claims['accessKey']): AccessKeyClaim {
  if (model === 'ambiguous') return { kind: model };
  return typeof model === 'object' && 'seenInPart' in model
    ? { kind: 'incomplete', seen: claimOf(model.seenInPart) }
    : claimOf(model);
}

function claimOf(read: KeyRead): SeenInPart {
  return typeof read === 'string' ? { kind: read } : { kind: 'one', accessKey: read.key };
}

/** The same in the words of the code. */
export function credentialsOf({ accessKey: model, apiKey: caller, pin: pinned }: Claims): Credentials {
  const two = { two_differ: 'ambiguous', absent: 'absent', malformed: 'malformed' } as const;
  return {
    accessKey: accessKeyClaimOf(model),
    apiKey: typeof caller === 'string' ? { kind: two[caller] } : { kind: 'one', apiKey: caller.key },
    pin: pinned,
    accessKeyInQuery: false,
  };
}
