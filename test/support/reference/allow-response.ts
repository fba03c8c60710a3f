import type { CheckResponse } from '../../../src/check/wire/generated/envoy/service/auth/v3/CheckResponse.ts';
import type { Allow } from '../../../src/decision/decision.ts';
import { dynamicMetadata } from './dynamic-metadata.ts';
import { overwrite } from './header-option.ts';

const grpcOk = 0;

/** What else goes: credentials that must not reach the model. */
export interface ToRemove {
  readonly credentialHeaders: readonly string[];
  readonly accessKeyInQuery: boolean;
  readonly headersWithOwnKeys: readonly string[];
  readonly parametersWithOwnKeys: readonly string[];
}

/**
 * Lets the call through and tells the model who calls (B24). Every `x-modelgate-…` header is either set
 * or removed, never both, so that a client can forge none: Envoy removes last.
 */
export function allowResponse(allow: Allow, toRemove: ToRemove): CheckResponse {
  const { credentialHeaders, accessKeyInQuery, headersWithOwnKeys, parametersWithOwnKeys } = toRemove;
  const identity = Object.entries(identityHeaders(allow));
  const known = identity.filter((entry): entry is [string, string] => entry[1] !== undefined);
  const unknown = identity.filter(([, value]) => value === undefined);
  return {
    status: { code: grpcOk },
    okResponse: {
      headers: known.map(([name, value]) => overwrite(name, value)),
      headersToRemove: [
        ...unknown.map(([name]) => name),
        'x-model-access-key',
        ...credentialHeaders,
        ...headersWithOwnKeys,
      ],
      queryParametersToRemove: [...(accessKeyInQuery ? ['accessKey'] : []), ...parametersWithOwnKeys],
    },
    dynamicMetadata: dynamicMetadata(allow),
  };
}

function identityHeaders({ model, caller }: Allow): Record<string, string | undefined> {
  return {
    'x-modelgate-model': model.model_id,
    'x-modelgate-target': model.target,
    'x-modelgate-project': model.project_id,
    'x-modelgate-principal': caller?.principal,
    'x-modelgate-principal-kind': caller?.principalKind,
    'x-modelgate-key-id': caller?.keyId,
    'x-modelgate-permission': caller?.permission,
  };
}
