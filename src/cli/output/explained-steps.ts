import type { Explanation } from '../../admin/schemas/decisions.ts';
import { fieldWords } from '../../words/value-words.ts';

type Row = Explanation['steps'][number]['rows'][number];

/** The rules of a decision as they were asked, a line each, with the rows that answered them below. */
export function explainedSteps(steps: Explanation['steps']): string[] {
  return steps.flatMap(({ rule, question, met, binding, rows }) => [
    `${met ? 'yes' : 'no '}  ${rule.padEnd(4)} ${question}${met || binding ? '' : ' (tells only)'}`,
    ...rows.map(row => `          ${shown(row)}`),
  ]);
}

function shown({ kind, id, found, facts }: Row): string {
  return `${kind} ${id}: ${found ? fieldWords(facts, '=', ' ') : 'not there'}`.replace(' :', ':');
}
