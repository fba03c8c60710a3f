import { expect } from 'chai';
import fc from 'fast-check';
import { parseAllDocuments, stringify } from 'yaml';
import { UnreadableConfig } from '../../src/envoy-config/documents/read-documents.ts';
import { check, readProjectFile, yamlFilesIn } from '../support/envoy-config.ts';
import { runs } from '../support/runs.ts';

const shipped = [...yamlFilesIn('envoy'), 'test/unit/envoy-config/good.yaml'].map(path =>
  parseAllDocuments(readProjectFile(path)).map(document => document.toJS() as unknown),
);

/** Checks, or refuses with the one error that says so; and never takes for sound what it did not look at. */
function survives(text: string): void {
  try {
    expect(check(text).checked).to.not.be.empty;
  } catch (fault) {
    expect(fault).to.be.instanceOf(UnreadableConfig);
  }
}

/** The values of a tree, as ways to them. */
function waysInto(value: unknown, way: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const keys = inner.map(([key, child]) => [Array.isArray(value) ? Number(key) : key, child] as const);
  return [way, ...keys.flatMap(([key, child]) => waysInto(child, [...way, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string | number, unknown>;
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

const word = fc.constantFrom('disabled', 'typed_config', '@type', 'routes', 'match', 'kind', 'spec', 'http', 'rules');
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>,
  fc.dictionary(word, fc.jsonValue({ maxDepth: 2 }), { noNullPrototype: true }),
  fc.constantFrom<unknown>(null, true, 'yes', -1, 1e300, '', [], {}, [[]], [null], [{}], '%REQ(', '0s'),
);

describe('checkConfig', () => {
  it('never throws anything but UnreadableConfig, whatever the tree', () => {
    const property = fc.property(anything, fc.boolean(), (value, json) => {
      survives(json ? (JSON.stringify(value) ?? '') : stringify(value));
    });
    fc.assert(property, { numRuns: runs(1000) });
  });

  it('nor whatever the text', () => {
    const text = fc.array(
      fc.oneof(fc.string(), fc.constantFrom('\n', '- ', 'a: ', '&a ', '*a ', '{', '[', '---\n', '|\n')),
    );
    fc.assert(
      fc.property(text, pieces => survives(pieces.join(''))),
      { numRuns: runs(1000) },
    );
  });

  it('nor where any value of a shipped config is another', () => {
    const place = fc
      .constantFrom(...shipped)
      .chain(documents => fc.tuple(fc.constant(documents), fc.constantFrom(...waysInto(documents))));
    const property = fc.property(place, anything, ([documents, way], value) => {
      const bent = replaced(documents, way, value);
      survives((Array.isArray(bent) ? bent : [bent]).map(document => stringify(document)).join('---\n'));
    });
    fc.assert(property, { numRuns: runs(300) });
  });
});
