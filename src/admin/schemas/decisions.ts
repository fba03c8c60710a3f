import { z } from 'zod';
import { identifier, instantFilter, permission } from './fields.ts';

const text = z.string().max(8192);

/**
 * A call to be explained: either by its model and its key, or as Envoy would send it. A key is best named
 * by its Key ID, so that nobody has to hand over a secret.
 */
export const explainRequest = z
  .strictObject({
    model_id: identifier.optional(),
    access_key: text.optional(),
    key_id: identifier.optional(),
    api_key: text.optional(),
    request: z
      .strictObject({
        /** With its query. */
        path: text.default('/model'),
        headers: z.record(z.string().max(200), text).default({}),
        body: z
          .string()
          .max(512 * 1024)
          .default(''),
      })
      .optional(),
    /** The model that the route pins, if it does. */
    pin: identifier.optional(),
    /** When the call is made; now unless told. */
    at: instantFilter.optional(),
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
  });
export type ExplainRequest = z.infer<typeof explainRequest>;

const orNull = <T extends z.ZodType>(schema: T) => z.union([schema, z.null()]);

export const explanation = z.object({
  decision: z.enum(['allow', 'deny']),
  reason: z.string(),
  /** What the caller gets from Envoy; null: the model answers. */
  status_code: orNull(z.number().int()),
  /** What the call would be refused for, were authentication on (B45). */
  shadow_reason: orNull(z.string()),
  model_id: orNull(z.string()),
  project_id: orNull(z.string()),
  principal: orNull(z.string()),
  key_id: orNull(z.string()),
  permission: orNull(permission),
  revision: z.number().int(),
  /** How the keys were read from the call: `one`, `absent`, `ambiguous`, … */
  read: z.object({ access_key: z.string(), api_key: z.string() }),
  /** The rules in the order in which they were asked; the first binding one that is not met refuses. */
  steps: z.array(
    z.object({
      rule: z.string(),
      question: z.string(),
      met: z.boolean(),
      /** Whether a "no" refuses: where authentication is off, rules about the caller only tell. */
      binding: z.boolean(),
      /** What was looked up to answer it. */
      rows: z.array(
        z.object({
          kind: z.string(),
          id: z.string(),
          found: z.boolean(),
          facts: z.record(z.string(), z.unknown()),
        }),
      ),
    }),
  ),
});
export type Explanation = z.infer<typeof explanation>;
