import { z } from 'zod';
import { explanation } from './decisions.ts';

const orNull = <T extends z.ZodType>(schema: T) => z.union([schema, z.null()]);

/** Whatever stands around a pasted key is not part of it; what could end a header's line is no key at all. */
const pastedKey = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{1,4096}$/, 'must be an API key: one word of printable ASCII');

export const testRequest = z
  .strictObject({
    api_key: pastedKey.optional().describe('The API key to call with; absent: the call carries none.'),
    request: z.unknown().optional().describe('What the model is asked: any JSON; absent: an empty object.'),
  })
  .meta({ id: 'TestRequest', description: 'A call of the model, made as a test.' });
export type TestRequest = z.infer<typeof testRequest>;

export const testAnswer = z
  .object({
    via: z
      .enum(['gateway', 'decision'])
      .describe('`gateway`: a real call was made through it; `decision`: none is configured, so only decided.'),
    status_code: orNull(z.number().int()).describe(
      'HTTP status that came; of a decision, the one that a refused caller gets. Null: the gateway gave none, or the model would answer.',
    ),
    replica_id: orNull(z.string()).describe('The replica that answered, by its own word; null: it told none.'),
    reason: z
      .string()
      .describe(
        'As in the header x-modelgate-reason; `gateway_unreachable` or `gateway_timeout` where no answer came.',
      ),
    message: z.string().describe('What came of it and what to do, in words.'),
    body: orNull(z.string()).describe('What was answered, as text; null: nothing, or no call was made.'),
    body_truncated: z.boolean().describe('Whether more was answered than is shown.'),
    duration_ms: z.number().describe('Time that it took, in milliseconds.'),
    explanation: explanation.describe(
      "The decision on the same call, rule by rule. Who else is on the project is shown to its admins only: for others, rows about a key that isn't theirs tell of the model and the key.",
    ),
  })
  .meta({ id: 'TestAnswer', description: 'What came of a test.' });
export type TestAnswer = z.infer<typeof testAnswer>;
