import { expect } from 'chai';
import { answerByCause, denialCause } from '../../../src/check/answer/answer-by-cause.ts';
import { denialAnswers } from '../../../src/check/answer/denial-answers.ts';
import { extractCredentials } from '../../../src/credentials/extract-credentials.ts';

const usual = denialAnswers.api_key_invalid;

function answerFor(headers: Record<string, string>, path = '/model') {
  const source = {
    header: (name: string) => headers[name],
    contentLength: undefined,
    path,
    query: '',
    body: Buffer.from(''),
    pin: undefined,
  };
  const reason = path === '/model' ? 'api_key_invalid' : 'access_key_unknown';
  return answerByCause(reason, denialCause(reason, extractCredentials(source, 1024), source));
}

describe('B15 O3 O4 an API key that is sent as none can be', () => {
  const said: [string, Record<string, string>, string][] = [
    ['two Authorization lines', { authorization: 'Bearer KEY,Bearer KEY' }, 'came twice, or there is a comma'],
    ['two lines of x-api-key', { 'x-api-key': 'KEY,KEY' }, 'came twice, or there is a comma'],
    ['in quotes', { authorization: 'Bearer "KEY"' }, 'in quotes'],
    ['in quotes, bare', { 'x-api-key': "'KEY'" }, 'in quotes'],
    ['a placeholder', { authorization: 'Bearer <KEY>' }, 'in brackets'],
    ['Bearer twice', { authorization: 'Bearer Bearer KEY' }, 'Bearer stands there twice'],
    ['another scheme', { authorization: 'Token KEY' }, 'does not begin with Bearer'],
    ['Basic', { authorization: 'Basic S0VZOg==' }, 'does not begin with Bearer'],
    ['no scheme', { authorization: 'KEY' }, 'does not begin with Bearer'],
    ['glued to the scheme', { authorization: 'BearerKEY' }, 'does not begin with Bearer'],
    ['a scheme alone', { authorization: 'Bearer' }, 'Nothing stands behind Bearer'],
    ['a scheme where none belongs', { 'api-key': 'Bearer KEY' }, 'without Bearer'],
    ['a no-break space', { authorization: 'Bearer \u00a0KEY' }, 'a character in it that no key holds'],
    ['a zero-width space', { 'x-goog-api-key': 'KEY\u200b' }, 'a character in it that no key holds'],
    ['a blank', { authorization: 'Bearer KEY KEY' }, 'a blank within the key'],
  ];
  for (const [what, headers, words] of said) {
    it(`says so, and repeats nothing of it: ${what}`, () => {
      const { advice, ...rest } = answerFor(headers);
      expect({ ...rest, advice: usual.advice }, 'all else is alike').to.deep.equal(usual);
      expect(advice).to.include(words).and.to.include(`. ${usual.advice}`);
      expect(advice.replace(usual.advice, '')).to.not.include('KEY');
    });
  }

  it('is answered as any key that is not valid where its form is right, or several headers are sent', () => {
    const valid = `mgk_${'a'.repeat(49)}`;
    for (const headers of [
      { authorization: `Bearer ${valid}` },
      { authorization: `bearer  ${valid}` },
      { 'x-api-key': 'old-key-0123' },
      { authorization: 'Basic eA==', 'x-api-key': 'KEY' },
    ]) {
      expect(answerFor(headers as Record<string, string>)).to.deep.equal(usual);
    }
  });
});

describe('B3 O5 O6 an access key that is sent as none can be', () => {
  const unknown = denialAnswers.access_key_unknown;
  const key = `m${'a'.repeat(31)}`;
  for (const [what, sent, words] of [
    ['a plus for a blank', `+${key}`, 'There is a + in it'],
    ['a no-break space', `${key}%C2%A0`, 'a character in it that no key holds'],
    ['quotes', `%22${key}%22`, 'in quotes'],
    ['a placeholder', '%3CKEY%3E', 'in brackets'],
  ] as const) {
    it(`says so: ${what}`, () => {
      const { advice, ...rest } = answerFor({}, `/model?accessKey=${sent}`);
      expect({ ...rest, advice: unknown.advice }).to.deep.equal(unknown);
      expect(advice).to.include(words).and.to.include(`. ${unknown.advice}`);
      expect(advice).to.not.include(key);
    });
  }

  it('is unknown and no more where its form is right', () => {
    expect(answerFor({}, `/model?accessKey=${key}`)).to.deep.equal(unknown);
  });
});
