import { expect } from 'chai';
import { type Document, parseAllDocuments, stringify } from 'yaml';
import { check, readProjectFile } from './envoy-config.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects of many kinds, of which a mutation knows the place that it changes
export type Json = any;

type Bend = (object: Json, all: Json[]) => unknown;

/** What is changed, of the first object of a kind; a rule that must find it, or with `?` what must be named as not checked. */
export type Mutation = readonly [title: string, kind: string, bend: Bend, expected: string];

/** A shipped file with the first object of a kind changed; throws where there is none, so that no mutation is empty. */
function mutated(path: string, kind: string, bend: Bend): string {
  const all: Json[] = parseAllDocuments(readProjectFile(path)).map(document => (document as Document).toJS());
  const meant = all.find(object => object.kind === kind);
  if (meant === undefined) throw new Error(`no ${kind} in ${path}`);
  bend(meant, all);
  return all.map(object => stringify(object)).join('---\n');
}

/** One test a mutation. */
export function expectFound(path: string, table: readonly Mutation[]): void {
  for (const [title, kind, bend, expected] of table) {
    it(`${title}: ${expected.replace('?', 'not checked: ')}`, () => {
      const { findings, notChecked } = check(mutated(path, kind, bend));
      const rules = findings.map(({ rule }) => rule);
      if (expected.startsWith('?')) expect(notChecked.join('\n')).to.include(expected.slice(1));
      else expect(rules).to.include(expected);
    });
  }
}

/** One test a change that is sound. */
export function expectSound(
  path: string,
  table: readonly (readonly [title: string, kind: string, bend: Bend])[],
): void {
  for (const [title, kind, bend] of table) {
    it(`${title}: no finding, and nothing unchecked`, () => {
      const { findings, notChecked } = check(mutated(path, kind, bend));
      expect({ findings, notChecked }).to.deep.equal({ findings: [], notChecked: [] });
    });
  }
}
