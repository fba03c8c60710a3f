import type { AdminContext } from '../admin/context.ts';
import type { Explanation } from '../admin/schemas/decisions.ts';
import type { DenialAnswer } from '../check/answer/denial-answers.ts';
import { createExplainer, type ExplainedCall, type ExplainerOptions } from '../check/explain-call.ts';
import { effectivePermission } from '../decision/permission.ts';
import { validateApiKey } from '../decision/validate-api-key.ts';
import { storedPermission } from './stored-permission.ts';

type SnapshotAnswers = Pick<
  AdminContext,
  'permissionOn' | 'storedPermission' | 'permissionInTeam' | 'snapshotRevision' | 'validateKey' | 'explain'
>;

/** What the admin plane asks of the snapshot, answered by the very rules that checks use. */
export function snapshotAnswers(options: ExplainerOptions): SnapshotAnswers {
  const { cell } = options;
  const explain = createExplainer(options);
  return {
    permissionOn: (projectId, username) => {
      const snapshot = cell.read()?.snapshot;
      return snapshot && effectivePermission(snapshot, snapshot.refOf(projectId), snapshot.refOf(username));
    },
    storedPermission,
    permissionInTeam: (team, username) => {
      const snapshot = cell.read()?.snapshot;
      return snapshot?.teamMember(snapshot.refOf(team), snapshot.refOf(username));
    },
    snapshotRevision: () => cell.read()?.snapshot.revision ?? 0,
    validateKey: (apiKey, audience) => validateApiKey(cell.read(), apiKey, audience, options),
    explain: call => toExplanation(explain(call)),
  };
}

/** An explanation in the API's form. */
function toExplanation({ decision, steps, denial, read }: ExplainedCall): Explanation {
  const { outcome, reason, model, caller, revision } = decision;
  return {
    decision: outcome,
    reason,
    message: denial ? toMessage(denial) : 'The call is let through',
    status_code: denial?.httpStatus ?? null,
    shadow_reason: (decision.outcome === 'allow' ? decision.shadowReason : undefined) ?? null,
    model_id: model?.model_id ?? null,
    project_id: model?.project_id ?? null,
    principal: caller?.principal ?? null,
    key_id: caller?.keyId ?? null,
    permission: caller?.permission ?? null,
    revision,
    read: { access_key: read.accessKey, api_key: read.apiKey },
    steps: steps.map(step => ({ ...step, rows: step.rows.map(row => ({ ...row, facts: { ...row.facts } })) })),
  };
}

function toMessage({ short, advice }: DenialAnswer): string {
  return `${short}: ${advice}`;
}
