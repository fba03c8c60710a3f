import { expect } from 'chai';
import { AK, accessKeyOf, OTHER } from './request-with.ts';

const NAME = 'accessKey';
const VARIANTS = 500;

/** Every character that equals the letter under simple case folding, raw and escaped; the letter itself comes first. */
function spellings(letter: string): string[] {
  const folds = { s: '\u017f', K: '\u212a', k: '\u212a' }[letter] ?? '';
  const otherCase = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
  return [letter, ...`${letter}${otherCase}${folds}`].flatMap(one => [
    one,
    `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  ]);
}

/** 500 names that differ from `accessKey` by case folding only: the same ones in every run. */
function variants(): string[] {
  const names = new Set<string>();
  let state = 1;
  while (names.size < VARIANTS) {
    const name = Array.from(NAME, letter => {
      state = (state * 48_271) % 2_147_483_647;
      const choices = spellings(letter);
      return choices[state % choices.length] ?? letter;
    }).join('');
    if (JSON.parse(`"${name}"`) !== NAME) names.add(name);
  }
  return [...names];
}

describe('T7 members that an upstream in Go would read', () => {
  const names = variants();

  it(`refuses all ${VARIANTS} fold variants of another value, before and after the member, and beside query and header`, () => {
    for (const name of names) {
      const variant = `"${name}":"${OTHER}"`;
      const requests = [
        { body: `{"accessKey":"${AK}",${variant}}` },
        { body: `{${variant},"accessKey":"${AK}"}` },
        { body: `{${variant}}`, path: `/model?accessKey=${AK}` },
        { body: `{${variant}}`, headers: { 'x-model-access-key': AK } },
      ];
      for (const request of requests) expect(accessKeyOf(request), name).to.deep.equal({ kind: 'ambiguous' });
    }
  });

  it('lets all of them pass with the same value, and takes none of them for the access key', () => {
    for (const name of names) {
      const variant = `"${name}":"${AK}"`;
      expect(accessKeyOf({ body: `{"accessKey":"${AK}",${variant}}` }), name).to.deep.equal({
        kind: 'one',
        accessKey: AK,
      });
      expect(accessKeyOf({ body: `{${variant}}` }), name).to.deep.equal({ kind: 'absent' });
    }
  });

  it('does not take them for the query parameter either', () => {
    for (const name of names)
      expect(accessKeyOf({ path: `/model?${name}=${AK}` }), name).to.deep.equal({ kind: 'absent' });
  });
});
