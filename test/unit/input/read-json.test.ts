import { expect } from 'chai';
import fc from 'fast-check';
import { UnreadableInput } from '../../../src/input/decode-text.ts';
import { readJson } from '../../../src/input/read-json.ts';

function refusalOf(text: string): string {
  try {
    readJson(text);
  } catch (fault) {
    expect(fault).to.be.instanceOf(UnreadableInput);
    return (fault as UnreadableInput).message;
  }
  throw new Error(`was taken: ${text}`);
}

describe('JSON from outside (T7, T28)', () => {
  for (const [what, text, place] of [
    ['at the top', '{"a":1,"a":1}', '1, column 8'],
    ['spelled with an escape', '{"ab":1,"\\u0061b":2}', '1, column 9'],
    ['spelled with a short escape', '{"a\\/":1,"a/":2}', '1, column 10'],
    ['of an object in a list', '[1,\n {"x":[{}],"y":{"x":1},\n"x":2}]', '3, column 1'],
    ['after a string of brackets and quotes', '{"a":"}{,\\"\\\\","b":{},"a":0}', '1, column 23'],
    ['that are empty', '{"":1,"":1}', '1, column 7'],
    ['that every object has', '{"__proto__":1,"__proto__":2}', '1, column 16'],
  ] as const) {
    it(`is refused for two names ${what}, with the place`, () => {
      expect(refusalOf(text)).to.equal(`gives one name twice in one object, at line ${place}: keep one of the two`);
    });
  }

  it('is refused where it is none, without a word of it', () => {
    for (const text of ['', '{"secret":', "{'secret':1}", '{"secret":NaN}', '{} {}']) {
      expect(refusalOf(text)).to.equal('is no valid JSON');
    }
  });

  it('may give a name again in another object', () => {
    const text = '{"a":{"a":[{"a":1},{"a":1}]},"b":"a","c":["b","b"]}';
    expect(readJson(text)).to.deep.equal(JSON.parse(text));
  });

  it('is read as JSON.parse reads it, and refused once any one member is repeated', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.string(), (text, name) => {
        expect(readJson(text)).to.deep.equal(JSON.parse(text));
        const member = `${JSON.stringify(name)}:${text}`;
        expect(refusalOf(`[${text},{${member},"other${name.length}":0,${member}}]`)).to.include('one name twice');
      }),
    );
  });

  it('is read to any depth', () => {
    const depth = 200_000;
    expect(refusalOf(`${'[{"a":'.repeat(depth)}0${',"a":1}]'.repeat(depth)}`)).to.include('one name twice');
  });
});
