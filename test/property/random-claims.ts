import fc from 'fast-check';
import type { Credentials } from '../../src/credentials/credentials.ts';
import type { Claims } from './plain-model.ts';
import { accessKeyOf, modelIds, secrets } from './random-sites.ts';

const accessKey: fc.Arbitrary<Claims['accessKey']> = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...modelIds).map(modelId => ({ key: accessKeyOf(modelId) })) },
  { weight: 1, arbitrary: fc.constant({ key: 'unknown' }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom('absent' as const, 'not_a_string' as const, 'ambiguous' as const, 'incomplete' as const),
  },
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

/** The same in the words of the code. */
export function credentialsOf({ accessKey: model, apiKey: caller, pin: pinned }: Claims): Credentials {
  const two = { two_differ: 'ambiguous', absent: 'absent', malformed: 'malformed' } as const;
  return {
    accessKey: typeof model === 'string' ? { kind: model } : { kind: 'one', accessKey: model.key },
    apiKey: typeof caller === 'string' ? { kind: two[caller] } : { kind: 'one', apiKey: caller.key },
    pin: pinned,
    accessKeyInQuery: false,
  };
}
