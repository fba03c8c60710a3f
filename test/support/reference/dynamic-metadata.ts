import type { Struct } from '../../../src/check/wire/generated/google/protobuf/Struct.ts';
import type { Value } from '../../../src/check/wire/generated/google/protobuf/Value.ts';
import type { Decision } from '../../../src/decision/decision.ts';

/** What access logs, rate limits and RBAC read under the filter's name (B27). What is not known is left out. */
export function dynamicMetadata(decision: Decision): Struct {
  const { model, caller } = decision;
  const texts = {
    model: model?.model_id,
    project: model?.project_id,
    principal: caller?.principal,
    key_id: caller?.keyId,
    permission: caller?.permission,
    decision: decision.outcome,
    reason: decision.reason,
    shadow_reason: decision.outcome === 'allow' ? decision.shadowReason : undefined,
  };
  const fields: Record<string, Value> = { revision: { numberValue: decision.revision } };
  for (const [name, text] of Object.entries(texts)) {
    if (text !== undefined) {
      fields[name] = { stringValue: text };
    }
  }
  return { fields: { modelgate: { structValue: { fields } } } };
}
