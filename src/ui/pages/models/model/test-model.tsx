import { useState } from 'preact/hooks';
import type { TestAnswer } from '../../../../admin/schemas/test-model.ts';
import { useSignedIn } from '../../../api/session.tsx';
import { DecisionSteps } from '../../../parts/decision-steps.tsx';
import type { Field, Values } from '../../../parts/form/field.ts';
import { Form } from '../../../parts/form/form.tsx';
import { sentence } from '../../../parts/problem.tsx';
import { CallFacts } from './call-facts.tsx';
import type { SeenModel } from './seen-model.ts';

/** Calls the model with a key, and shows what came and why (B36). */
export function TestModel({ seen }: { seen: SeenModel }) {
  const { api, session } = useSignedIn();
  const [answer, setAnswer] = useState<TestAnswer>();
  const send = async ({ api_key, request }: Values) => {
    const asked = { ...(api_key ? { api_key } : {}), ...(request ? { request: JSON.parse(request) } : {}) };
    setAnswer((await api.send<TestAnswer>('POST', `${seen.path}:test`, asked)).body);
  };
  return (
    <section class="part">
      <h2>Test</h2>
      <p>
        {session.site.gateway_url
          ? 'Makes a real call through the gateway, which counts like any other.'
          : 'No gateway is set, so no call is made: it shows what would be decided.'}
      </p>
      <Form fields={testFields} submit="Test model" send={send} />
      {answer && <Outcome answer={answer} />}
    </section>
  );
}

const testFields: readonly Field[] = [
  {
    name: 'api_key',
    label: 'API key',
    kind: 'secret',
    hint: 'It is sent for this call and kept nowhere. Without one, the call is made as nobody.',
    check: value => (/^[\x21-\x7e]+$/.test(value.trim()) ? undefined : 'An API key is one word, without spaces.'),
  },
  {
    name: 'request',
    label: 'Request',
    kind: 'long',
    value: '{}',
    hint: 'What the model is asked, in JSON.',
    check: checkJson,
  },
];

function checkJson(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    return 'This is no JSON, such as {"dob": "19 - 22"}.';
  }
}

function Outcome({ answer }: { answer: TestAnswer }) {
  const { via, status_code, message, body, body_truncated, explanation } = answer;
  const isFine = explanation.decision === 'allow' && (status_code ?? (via === 'gateway' ? 500 : 200)) < 400;
  return (
    <div class="outcome">
      <p role="status" class={isFine ? 'good' : 'fault'}>
        <strong>{headline(answer)}</strong> {sentence(message)}
      </p>
      <CallFacts answer={answer} />
      {body !== null && (
        <>
          <h3>Body</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
          <pre class="body" tabIndex={0}>
            {readable(body) + (body_truncated ? '\n…' : '')}
          </pre>
        </>
      )}
      <h3>The decision, step by step</h3>
      <DecisionSteps steps={explanation.steps} />
    </div>
  );
}

function headline({ via, status_code, explanation }: TestAnswer): string {
  if (via === 'decision') {
    return explanation.decision === 'allow' ? 'It would be let through.' : 'It would be refused.';
  }
  return status_code === null ? 'No answer came.' : `Answered with ${status_code}.`;
}

/** JSON in lines; whatever else it is, as it came. */
function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
