import { expect } from 'chai';
import { type Document, parseAllDocuments, stringify } from 'yaml';
import { check, readProjectFile } from './envoy-config.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects of many kinds, of which a mutation knows the place that it changes
export type Json = any;

type Bend = (object: Json, all: Json[]) => unknown;

/** What is changed, of the objects of one kind; a rule that must find it, or with `?` what must be named as not checked. */
export type Mutation = readonly [title: string, kind: string, bend: Bend, expected: string];

/** The route of gRPC calls, which leads to no model, and its patch: mutations are of the other routes and patches. */
const isOfStreams = ({ metadata }: Json) => /(^|-)streams$/.test(metadata?.name ?? '');

/** A shipped file with the objects of one kind changed; throws where there is none, so that no mutation is empty. */
function mutated(path: string, kind: string, bend: Bend): string {
  const all: Json[] = parseAllDocuments(readProjectFile(path)).map(document => (document as Document).toJS());
  const meant = all.filter(object => object.kind === kind && !isOfStreams(object));
  if (meant.length === 0) throw new Error(`no ${kind} in ${path}`);
  for (const object of meant) bend(object, all);
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
