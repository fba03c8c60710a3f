import { z } from 'zod';
import type { Denial as DenialRecord } from '../denial.ts';
import { identifier, instant, nextPageToken, plainText, sortedPageQuery, toInstant } from './fields.ts';

export const denial = z
  .object({
    at: instant.describe('When it was refused.'),
    request_id: z.string().describe("Envoy's x-request-id, which the client got as x-modelgate-request-id."),
    reason: z.string().describe('Why: as in the header x-modelgate-reason.'),
    model_id: z.union([z.string(), z.null()]).describe('The model that was called; null: none was known.'),
    project_id: z.union([z.string(), z.null()]).describe('Its project.'),
    key_id: z.union([z.string(), z.null()]).describe('Key ID of the API key of the call; null: none was known.'),
    caller_address: z.string().describe('Network address of the caller, as Envoy saw it.'),
  })
  .meta({ id: 'Denial', description: 'A call that was refused.' });
export type Denial = z.infer<typeof denial>;
export const denialList = z
  .object({ denials: z.array(denial), next_page_token: nextPageToken })
  .meta({ id: 'DenialList' });
export type DenialList = z.infer<typeof denialList>;

/** Newest first unless told otherwise; every filter narrows. */
export const denialQuery = sortedPageQuery('at').extend({
  search_filter: plainText(200).optional().describe('Only calls with this text in an id, the reason or the address.'),
  request_id: z.string().max(128).optional().describe('Only the call with this request id.'),
  model_id: identifier.optional().describe('Only calls of this model.'),
  project_id: identifier.optional().describe('Only calls of models of this project.'),
  key_id: identifier.optional().describe('Only calls with the API key of this Key ID.'),
  reason: z.string().max(64).optional().describe('Only calls refused for this reason.'),
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
