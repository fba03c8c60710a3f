import { z } from 'zod';
import type { ModelRecord, ShadowDenialRecord } from '../../store/records.ts';
import { displayName, identifier, instant, nextPageToken, sortedPageQuery, toInstant, yesOrNo } from './fields.ts';

export const modelState = z.enum(['running', 'stopped']);

export const model = z.object({
  model_id: z.string(),
  project_id: z.string(),
  name: z.string(),
  crn: z.string(),
  /** Only for those who hold `write` and more. */
  access_key: z.string().optional(),
  target: z.string(),
  auth_enabled: z.boolean(),
  auth_shadow: z.boolean(),
  state: modelState,
  created_at: instant,
});
export type Model = z.infer<typeof model>;
export const modelList = z.object({ models: z.array(model), next_page_token: nextPageToken });
export type ModelList = z.infer<typeof modelList>;

export const newModel = z.strictObject({
  /** Absent: one is made. It is also the target, so only a site admin may choose it. */
  model_id: identifier.optional(),
  /** Absent: the id. */
  name: displayName.optional(),
  target: identifier.optional(),
  disable_authentication: z.boolean().default(false),
  auth_shadow: z.boolean().default(false),
});

export const modelChanges = z.strictObject({
  name: displayName.optional(),
  target: identifier.optional(),
  auth_enabled: z.boolean().optional(),
  auth_shadow: z.boolean().optional(),
  state: modelState.optional(),
});
export const modelQuery = sortedPageQuery('model_id', 'name', 'project_id', 'created_at').extend({
  auth_enabled: yesOrNo.optional(),
  auth_shadow: yesOrNo.optional(),
  state: modelState.optional(),
});
export type ModelQuery = z.infer<typeof modelQuery>;
export const projectPath = z.strictObject({ project_id: identifier });
export const modelPath = z.strictObject({ project_id: identifier, model_id: identifier });
export const newAccessKey = z.object({ model_id: z.string(), access_key: z.string() });
export type NewAccessKey = z.infer<typeof newAccessKey>;
export const enableAuthentication = z.strictObject({ project_id: identifier.optional() });
export const enabledCount = z.object({ enabled: z.number().int() });
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

/** Callers of one model that would be refused if its authentication were enabled (B45), since shadow was switched on. */
export const shadowDenial = z.object({
  reason: z.string(),
  /** Who called; null: nobody known by a key. */
  principal: z.union([z.string(), z.null()]),
  key_id: z.union([z.string(), z.null()]),
  /** Address of a caller not known by a key; all three null: callers beyond those that are told apart. */
  address: z.union([z.string(), z.null()]),
  count: z.number().int(),
  first_at: instant,
  last_at: instant,
});
export type ShadowDenial = z.infer<typeof shadowDenial>;
export const shadowDenialList = z.object({ shadow_denials: z.array(shadowDenial), next_page_token: nextPageToken });
export const shadowDenialQuery = sortedPageQuery('count', 'last_at');

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
