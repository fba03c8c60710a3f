import { z } from 'zod';
import { identifier, instantFilter, permission } from './fields.ts';

const text = z.string().max(8192);

/**
 * A call to be explained: either by its model and its key, or as Envoy would send it. A key is best named
 * by its Key ID, so that nobody has to hand over a secret.
 */
export const explainRequest = z
  .strictObject({
    model_id: identifier.optional().describe('The model that is called, by its id; else name it by access_key.'),
    access_key: text.optional().describe('The access key that the call carries.'),
    key_id: identifier
      .optional()
      .describe('The API key that the call carries, by its Key ID: so nobody has to hand over a secret.'),
    api_key: text.optional().describe('The API key that the call carries, itself.'),
    request: z
      .strictObject({
        path: text.default('/model').describe("The call's path with its query."),
        headers: z.record(z.string().max(200), text).default({}).describe('As Envoy sends them: names in lower case.'),
        body: z
          .string()
          .max(512 * 1024)
          .default('')
          .describe("The call's body as text."),
      })
      .optional()
      .describe('The whole call as Envoy would send it, in place of the fields above.'),
    pin: identifier.optional().describe('The model that the route pins, if it does.'),
    at: instantFilter.optional().describe('When the call is made; now unless told.'),
  })
  .refine(({ model_id, access_key }) => model_id === undefined || access_key === undefined, {
    path: ['access_key'],
    message: 'name the model by model_id or by access_key, not both',
  })
  .refine(({ key_id, api_key }) => key_id === undefined || api_key === undefined, {
    path: ['api_key'],
    message: 'name the key by key_id or by api_key, not both',
  })
  .refine(({ request, model_id, access_key, api_key }) => !request || !(model_id ?? access_key ?? api_key), {
    path: ['request'],
    message: 'a whole request carries its access key and API key itself: leave model_id, access_key and api_key out',
  })
  .meta({ id: 'ExplainRequest' });
export type ExplainRequest = z.infer<typeof explainRequest>;

const orNull = <T extends z.ZodType>(schema: T) => z.union([schema, z.null()]);

export const explanation = z
  .object({
    decision: z.enum(['allow', 'deny']),
    reason: z.string().describe('`allow`, or why it is refused: as in the header x-modelgate-reason.'),
    message: z.string().describe('What a refused caller is told: what is wrong and what to do.'),
    status_code: orNull(z.number().int()).describe('What the caller gets from Envoy; null: the model answers.'),
    shadow_reason: orNull(z.string()).describe(
      'What the call would be refused for, were authentication on; null: nothing.',
    ),
    model_id: orNull(z.string()).describe('The model that is meant; null: none is known.'),
    project_id: orNull(z.string()).describe('Its project.'),
    principal: orNull(z.string()).describe('The user or application that calls; null: nobody known.'),
    key_id: orNull(z.string()).describe('Key ID of the API key of the call.'),
    permission: orNull(permission).describe("What the caller holds on the model's project."),
    revision: z.number().int().describe('Revision of the store that the decision was made by.'),
    read: z
      .object({ access_key: z.string(), api_key: z.string() })
      .describe('How the keys were read from the call: `one`, `absent`, `ambiguous`, …'),
    steps: z
      .array(
        z.object({
          rule: z.string().describe('Its id, as docs/rules.md explains it.'),
          question: z.string().describe('What it asks, in words.'),
          met: z.boolean().describe('Whether the call meets it.'),
          binding: z
            .boolean()
            .describe('Whether a "no" refuses: where authentication is off, rules about the caller only tell.'),
          rows: z
            .array(
              z.object({
                kind: z.string().describe('What kind of row, such as `model`.'),
                id: z.string(),
                found: z.boolean().describe('Whether there is such a row.'),
                facts: z.record(z.string(), z.unknown()).describe('What it says that matters to the rule.'),
              }),
            )
            .describe('What was looked up to answer it.'),
        }),
      )
      .describe('The rules in the order in which they were asked; the first binding one that is not met refuses.'),
  })
  .meta({ id: 'Explanation', description: 'A decision, rule by rule.' });
export type Explanation = z.infer<typeof explanation>;
