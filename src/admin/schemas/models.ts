import { z } from 'zod';
import type { ModelRecord, ShadowCount, ShadowDenialRecord } from '../../store/records.ts';
import {
  displayName,
  identifier,
  identifierElse,
  instant,
  instantOrNull,
  nextPageToken,
  sortedPageQuery,
  toInstant,
  toInstantOrNull,
  yesOrNo,
} from './fields.ts';

export const modelState = z.enum(['running', 'stopped']).describe('Calls of a stopped model are refused.');

export const model = z
  .object({
    model_id: z.string().describe('Names the model on the whole site.'),
    project_id: z.string().describe('The project that it belongs to.'),
    name: z.string().describe('Name for people.'),
    crn: z.string().describe('The id in the form that other tools of the platform use.'),
    access_key: z
      .string()
      .optional()
      .describe('What a call names the model by; shown only to those who hold `write` or more.'),
    target: z.string().describe('Name of the Envoy cluster that serves the model.'),
    auth_enabled: z.boolean().describe('Whether a call needs an API key.'),
    auth_shadow: z.boolean().describe('Whether, with authentication off, calls that it would refuse are counted.'),
    state: modelState.describe('Calls of a stopped model are refused.'),
    created_at: instant,
  })
  .meta({ id: 'Model', description: 'A deployed model.' });
export type Model = z.infer<typeof model>;
export const modelList = z.object({ models: z.array(model), next_page_token: nextPageToken }).meta({ id: 'ModelList' });
export type ModelList = z.infer<typeof modelList>;

/** Hubs name models otherwise (R16). */
export const newModelId = identifierElse('; a name such as meta-llama/Llama-3.1-8B or llama3:8b goes into `name`');

export const newModel = z
  .strictObject({
    model_id: newModelId
      .optional()
      .describe('Absent: one is made. It is also the target, so only a site admin may choose it.'),
    name: displayName.optional().describe('Name for people; absent: the id.'),
    target: identifier
      .optional()
      .describe('Name of the Envoy cluster that serves the model; absent: the id. Only a site admin may choose it.'),
    disable_authentication: z.boolean().default(false).describe('Whether calls need no API key.'),
    auth_shadow: z
      .boolean()
      .default(false)
      .describe('Whether, with authentication off, calls that it would refuse are counted.'),
  })
  .meta({ id: 'NewModel' });

export const modelChanges = z
  .strictObject({
    name: displayName.optional(),
    target: identifier
      .optional()
      .describe('Name of the Envoy cluster that serves the model; only a site admin may set it.'),
    auth_enabled: z.boolean().optional().describe('Whether a call needs an API key.'),
    auth_shadow: z
      .boolean()
      .optional()
      .describe('Whether, with authentication off, calls that it would refuse are counted.'),
    state: modelState.optional(),
  })
  .meta({ id: 'ModelChanges', description: 'What is to change; a field that is absent stays as it is.' });
export const modelQuery = sortedPageQuery('model_id', 'name', 'project_id', 'created_at').extend({
  auth_enabled: yesOrNo.optional().describe('Only models with authentication on, or off.'),
  auth_shadow: yesOrNo.optional().describe('Only models with shadow on, or off.'),
  state: modelState.optional().describe('Only models in this state.'),
});
export type ModelQuery = z.infer<typeof modelQuery>;
export const projectPath = z.strictObject({ project_id: identifier.describe('Id of the project.') });
/** The part of a path that stands before a verb such as `:regenerate_access_key`. */
export const modelBeforeVerb = ':model_id(^[^:]+)';
export const modelPath = z.strictObject({
  project_id: identifier.describe('Id of the project.'),
  model_id: identifier.describe('Id of the model.'),
});
export const newAccessKey = z
  .object({
    model_id: z.string(),
    access_key: z.string().describe('The new access key; the one before it stopped with this answer.'),
  })
  .meta({ id: 'NewAccessKey' });
export type NewAccessKey = z.infer<typeof newAccessKey>;
export const recentCallers = z
  .object({
    days: z.number().int().describe('So many days back, from now.'),
    callers: z
      .number()
      .int()
      .describe('Users and applications with a living API key that was last used for this model within that time.'),
  })
  .meta({ id: 'RecentCallers' });
export type RecentCallers = z.infer<typeof recentCallers>;
export const enableAuthentication = z
  .strictObject({
    project_id: identifier
      .optional()
      .describe('Only the models of this project; absent: all that the caller holds `write` on.'),
  })
  .meta({ id: 'EnableAuthentication' });
export const enabledCount = z
  .object({ enabled: z.number().int().describe('How many models had authentication off until now.') })
  .meta({ id: 'EnabledCount' });
export type EnabledCount = z.infer<typeof enabledCount>;

export function toModel(record: ModelRecord, showAccessKey: boolean): Model {
  const { access_key, created_at, ...rest } = record;
  return {
    ...rest,
    crn: `crn:modelgate:project:${record.project_id}:model:${record.model_id}`,
    created_at: toInstant(created_at),
    ...(showAccessKey ? { access_key } : {}),
  };
}

export const shadowDenial = z
  .object({
    reason: z.string().describe('What they would be refused for.'),
    principal: z.union([z.string(), z.null()]).describe('Who called; null: nobody known by a key.'),
    key_id: z.union([z.string(), z.null()]).describe('Key ID of the API key of the calls; null: none was known.'),
    address: z
      .union([z.string(), z.null()])
      .describe('Address of a caller not known by a key; all three null: callers beyond those that are told apart.'),
    count: z.number().int().describe('How many calls, since the model last began to count.'),
    first_at: instant.describe('When the first of them came.'),
    last_at: instant.describe('When the last of them came.'),
  })
  .meta({
    id: 'ShadowDenial',
    description: 'Calls of one caller that would be refused for one reason, were authentication on.',
  });
export type ShadowDenial = z.infer<typeof shadowDenial>;
export const shadowDenialList = z
  .object({
    counting: z
      .boolean()
      .describe('Whether calls are counted: with shadow on and authentication off. An empty list says nothing else.'),
    auth_enabled: z.boolean().describe('Whether authentication is on, so that callers are refused and not counted.'),
    since: instantOrNull.describe('When the model last began to count; null: it never did.'),
    calls: z.number().int().describe('Calls that it let through while it counted since then.'),
    refused_calls: z.number().int().describe('How many of them authentication would have refused.'),
    shadow_denials: z.array(shadowDenial),
    next_page_token: nextPageToken,
  })
  .meta({ id: 'ShadowDenialList' });
export type ShadowDenialList = z.infer<typeof shadowDenialList>;
export const shadowDenialQuery = sortedPageQuery('count', 'last_at');

/** What a model counted in shadow, and whether it does now. */
export function toShadowCount({ auth_enabled, auth_shadow }: ModelRecord, counted: ShadowCount | undefined) {
  return {
    counting: auth_shadow && !auth_enabled,
    auth_enabled,
    since: toInstantOrNull(counted?.since ?? null),
    calls: counted?.calls ?? 0,
    refused_calls: counted?.refused ?? 0,
  };
}

export function toShadowDenial(record: ShadowDenialRecord): ShadowDenial {
  const { reason, principal, key_id, address, count, first_at, last_at } = record;
  return {
    reason,
    principal: principal || null,
    key_id: key_id || null,
    address: address || null,
    count,
    first_at: toInstant(first_at),
    last_at: toInstant(last_at),
  };
}
