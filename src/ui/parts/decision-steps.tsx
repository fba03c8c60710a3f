import type { Explanation } from '../../admin/schemas/decisions.ts';

type Step = Explanation['steps'][number];
type Row = Step['rows'][number];

/** The rules in the order in which they were asked, each with its answer and the facts that gave it. */
export function DecisionSteps({ steps }: { steps: readonly Step[] }) {
  return (
    <ol class="decision">
      {steps.map(step => (
        <li key={step.rule} class={step.met ? '' : step.binding ? 'refuses' : 'tells'}>
          <span class="answer">{step.met ? 'yes' : 'no'}</span>
          <span class="rule">{step.rule}</span>
          <div>
            <p>
              {step.question}
              {!step.met && step.binding && <strong class="fault"> This refuses the call.</strong>}
              {!step.met && !step.binding && <span class="soft"> It only tells: nobody is refused for it here.</span>}
            </p>
            {step.rows.length > 0 && (
              <ul>
                {step.rows.map(row => (
                  <li key={`${row.kind} ${row.id}`}>
                    {kinds[row.kind] ?? row.kind} {row.id && <code>{row.id}</code>}
                    {row.found ? toldFacts(row) : ': not there'}
                  </li>
                ))}
              </ul>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}

const kinds: Readonly<Record<string, string>> = {
  api_key: 'API key',
  team_collaborator: 'team on the project',
  team_member: 'team member',
};

function toldFacts({ facts }: Row): string {
  const told = Object.entries(facts).filter(([, value]) => value !== null);
  return told.length === 0
    ? ''
    : `: ${told.map(([name, value]) => `${words(name)} ${valueWords(name, value)}`).join(', ')}`;
}

const words = (name: string) => name.replaceAll('_', ' ');

function valueWords(name: string, value: unknown): string {
  if (name.endsWith('_at') && typeof value === 'number') {
    return `${new Date(value).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  }
  if (typeof value === 'boolean') {
    return value ? 'yes' : 'no';
  }
  return Array.isArray(value) ? value.join(' and ') : String(value);
}
