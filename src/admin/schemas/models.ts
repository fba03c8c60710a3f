import { z } from 'zod';
import type { ModelRecord } from '../../store/records.ts';
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
