import { expect } from 'chai';
import { check, readProjectFile } from './envoy-config.ts';
import { bent, type Json } from './manifest.ts';

type Bend = (object: Json, all: Json[]) => unknown;

/** What is changed, of the first object of a kind; a rule that must find it, or with `?` what must be named as not checked. */
export type Mutation = readonly [title: string, kind: string, bend: Bend, expected: string];

/** A shipped file with the first object of a kind changed. */
function mutated(path: string, kind: string, bend: Bend): string {
  return bent(readProjectFile(path), { what: kind, bend: manifest => bend(manifest.first(kind), manifest.all) });
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
