import type { TestAnswer } from '../../../../admin/schemas/test-model.ts';

/** What came of a call that was tried: code and reason, and as the gateway answered the replica and the time. */
export function CallFacts({ answer }: { answer: TestAnswer }) {
  const { via, status_code, replica_id, reason, duration_ms } = answer;
  return (
    <dl class="facts">
      <dt>Code</dt>
      <dd class="number">{status_code ?? 'none'}</dd>
      <dt>Reason</dt>
      <dd>
        <code>{reason}</code>
      </dd>
      {via === 'gateway' && (
        <>
          <dt>Replica ID</dt>
          <dd>{replica_id ? <code>{replica_id}</code> : <span class="soft">none was told</span>}</dd>
          <dt>Time taken</dt>
          <dd class="number">{duration_ms.toLocaleString('en', { maximumFractionDigits: 1 })} ms</dd>
        </>
      )}
    </dl>
  );
}
