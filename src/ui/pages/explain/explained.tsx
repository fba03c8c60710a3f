import type { Explanation } from '../../../admin/schemas/decisions.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { DecisionSteps } from '../../parts/decision-steps.tsx';
import { Problem, sentence } from '../../parts/problem.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { link } from '../../route.ts';

interface Props {
  /** As the API takes it. */
  readonly asked: object;
}

/** The decision on a call, by the code that decides, with each rule that it asked. */
export function Explained({ asked }: Props) {
  const { data, error, reload } = useLoaded(JSON.stringify(asked), async api => {
    const { body } = await api.send<Explanation>('POST', '/decisions:explain', asked);
    return body;
  });
  if (error) {
    return <Problem error={error} retry={reload} />;
  }
  return data ? <Told explanation={data} /> : <Skeleton />;
}

function Told({ explanation }: { explanation: Explanation }) {
  const { decision, reason, message, status_code, shadow_reason, project_id, model_id, revision, steps } = explanation;
  const { principal, key_id, permission } = explanation;
  return (
    <div class="outcome">
      <p role="status" class={decision === 'allow' ? 'good' : 'fault'}>
        <strong>{decision === 'allow' ? 'Let through.' : `Refused with ${status_code}.`}</strong> {sentence(message)}
      </p>
      {shadow_reason && (
        <p class="warning">
          Authentication is off. Were it on, the call would be refused: <code>{shadow_reason}</code>.
        </p>
      )}
      <dl class="facts">
        <dt>Reason</dt>
        <dd>
          <code>{reason}</code>
        </dd>
        {model_id && project_id && (
          <>
            <dt>Model</dt>
            <dd>
              <a href={link`/projects/${project_id}/models/${model_id}`}>{model_id}</a>
            </dd>
          </>
        )}
        <dt>Caller</dt>
        <dd>{principal ? `${principal}, by the key ${key_id}` : 'nobody known'}</dd>
        <dt>Holds on the project</dt>
        <dd>{permission ?? 'nothing'}</dd>
        <dt>Decided by</dt>
        <dd class="number">revision {revision}</dd>
      </dl>
      <DecisionSteps steps={steps} />
    </div>
  );
}
