import { expect } from 'chai';
import fc from 'fast-check';
import { readQuery } from '../../src/credentials/read-query.ts';
import { runs } from '../support/runs.ts';

const piece = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('accessKey', 'accessKey=', 'accessKey=mkey1', 'accessKey=%20mkey1', 'accessKey=mkey2'),
  },
  { weight: 3, arbitrary: fc.constantFrom('&', '&', '&', '=', '?', '#', ';', '+', '%', '%00', '\0', ' ') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('access%4Bey', '%61ccessKey=mkey1', 'access%4bey=', 'access%254Bey', 'AccessKey=mkey1'),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
);
const text = fc.array(piece, { maxLength: 8 }).map(pieces => pieces.join(''));

/** The grammar of readQuery's contract, written with `split` and `decodeURIComponent` and nothing else. */
function expectedReading(path: string, query: string): ReturnType<typeof readQuery> {
  const fromPath = path.split('?').slice(1).join('?');
  const parameters = [...fromPath.split('&'), ...query.split('&')].map(parameter => {
    const [name = '', ...value] = parameter.split('=');
    return { name, value: decoded(value.join('=')).replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '') };
  });
  const values = new Set(parameters.filter(({ name }) => name === 'accessKey').map(({ value }) => value));
  const [accessKey = ''] = values;
  const disguised = parameters.some(({ name }) => name !== 'accessKey' && decoded(name) === 'accessKey');
  const named = values.size > 0;
  if (disguised || values.size > 1) return { placement: { kind: 'ambiguous' }, named };
  return { placement: accessKey === '' ? { kind: 'absent' } : { kind: 'one', accessKey }, named };
}

function decoded(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

describe('B2, B3, B4 readQuery', () => {
  it('reads what its grammar says, for any path and query', () => {
    const property = fc.property(text, text, fc.boolean(), (path, query, mark) => {
      const full = mark ? `/model?${path}` : path;
      expect(readQuery(full, query)).to.deep.equal(expectedReading(full, query));
    });
    fc.assert(property, { numRuns: runs(5000) });
  });

  it('finds a key that was encoded by anyone, and never another', () => {
    const property = fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), text, (key, rest) => {
      const { placement } = readQuery(`/model?accessKey=${encodeURIComponent(key)}&${rest}`, '');
      if (placement.kind === 'one')
        expect(placement.accessKey).to.equal(key.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, ''));
    });
    fc.assert(property, { numRuns: runs(2000) });
  });
});
