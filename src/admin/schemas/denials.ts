import { z } from 'zod';
import type { Denial as DenialRecord } from '../context.ts';
import { identifier, instant, nextPageToken, toInstant } from './fields.ts';

export const denial = z.object({
  at: instant,
  /** Envoy's x-request-id, which the client got as x-modelgate-request-id. */
  request_id: z.string(),
  reason: z.string(),
  model_id: z.union([z.string(), z.null()]),
  project_id: z.union([z.string(), z.null()]),
  key_id: z.union([z.string(), z.null()]),
  caller_address: z.string(),
});
export type Denial = z.infer<typeof denial>;
export const denialList = z.object({ denials: z.array(denial), next_page_token: nextPageToken });
export type DenialList = z.infer<typeof denialList>;

/** Newest first; every filter narrows. */
export const denialQuery = z.strictObject({
  page_size: z.coerce.number().int().min(1).max(1000).default(100),
  page_token: z.string().max(400).optional(),
  request_id: z.string().max(128).optional(),
  model_id: identifier.optional(),
  project_id: identifier.optional(),
  key_id: identifier.optional(),
  reason: z.string().max(64).optional(),
});
export type DenialQuery = z.infer<typeof denialQuery>;

export function toDenial({ at, requestId, reason, modelId, projectId, keyId, callerAddress }: DenialRecord): Denial {
  return {
    at: toInstant(at),
    request_id: requestId,
    reason,
    model_id: modelId ?? null,
    project_id: projectId ?? null,
    key_id: keyId ?? null,
    caller_address: callerAddress,
  };
}
