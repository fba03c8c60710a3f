import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { answerWithoutAccessKey } from '../../../src/check/answer/answer-without-access-key.ts';
import { denialAnswers } from '../../../src/check/answer/denial-answers.ts';
import { whyNoAccessKey } from '../../../src/credentials/why-no-access-key.ts';

const usual = denialAnswers.access_key_missing;

function adviceFor(body: string | Buffer, headers: Record<string, string> = {}): string {
  const source = {
    header: (name: string) => headers[name],
    contentLength: undefined,
    path: '/model',
    query: '',
    body: Buffer.from(body as string),
    pin: undefined,
  };
  return answerWithoutAccessKey(whyNoAccessKey(source)).advice;
}

describe('B54 R25 R29 a body that can carry no access key', () => {
  const said: [string, string | Buffer, string, Record<string, string>?][] = [
    ['compressed, by its header', '{"accessKey":"AK"}', 'compressed', { 'content-encoding': 'br' }],
    ['compressed, by its bytes', gzipSync('{"accessKey":"AK"}'), 'compressed'],
    ['in UTF-16', Buffer.from('{"accessKey":"AK"}', 'utf16le'), 'UTF-16'],
    ['JSON twice', '"{\\"accessKey\\":\\"AK\\"}"', 'a JSON string'],
    ['a list', '[{"accessKey":"AK"}]', 'a JSON list'],
    ['a form', 'accessKey=AK&request=%7B%7D', 'is a form'],
    ['a form in parts', '--x\r\ncontent-disposition: form-data; name="accessKey"\r\n\r\nAK\r\n--x--', 'is a form'],
    ['a number', '17', 'no JSON object'],
    ['a quote of the shell', '\'{"accessKey":"AK"}\'', 'no JSON object'],
    ['single quotes', "{'accessKey':'AK'}", 'from byte 1 on'],
    ['no quotes at all, as cmd.exe leaves it', '{accessKey:AK}', 'from byte 1 on'],
    ['a trailing comma', '{"accessKey":"AK",}', 'from byte 18 on'],
    ['two texts', '{"accessKey":"AK"}{}', 'from byte 18 on'],
    ['a fault in a value', '\ufeff{"x":[1,None]}', 'from byte 8 on'],
    ['cut off', '{"x":1', 'from byte 6 on'],
    ['no colon', '{"x" 1}', 'from byte 5 on'],
  ];
  for (const [what, body, words, headers] of said) {
    it(`says why: ${what}`, () => {
      const advice = adviceFor(body, headers);
      expect(advice).to.include(words).and.to.include(usual.advice);
      expect(advice).to.not.match(/[{}"]|AK(?!\w)/);
    });
  }

  it('says no more than usual where it could carry one', () => {
    for (const body of ['', ' \n', '{}', '{"request":{}}', ' {"acessKey":"AK"} ', '{"x":NaN}']) {
      expect(adviceFor(body), body).to.equal(usual.advice);
    }
  });
});
