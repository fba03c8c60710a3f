import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { AK, accessKeyOf } from './request-with.ts';

const JSON_BODY = `{"accessKey":"${AK}","request":{}}`;
const BOUNDARY = '--b\r\ncontent-disposition: form-data; name="accessKey"\r\n\r\n';

const BODIES = {
  json: Buffer.from(JSON_BODY),
  gzip: gzipSync(JSON_BODY),
  form: Buffer.from(`accessKey=${AK}`),
  multipart: Buffer.from(`${BOUNDARY}${AK}\r\n--b--\r\n`),
  multipartJson: Buffer.from(`--b\r\ncontent-type: application/json\r\n\r\n${JSON_BODY}\r\n--b--\r\n`),
  lines: Buffer.from(`${JSON_BODY}\n${JSON_BODY}\n`),
  array: Buffer.from(`[${JSON_BODY}]`),
  utf16: Buffer.from(JSON_BODY, 'utf16le'),
  grpcFrame: Buffer.concat([Buffer.from([0, 0, 0, 0, JSON_BODY.length]), Buffer.from(JSON_BODY)]),
  empty: Buffer.alloc(0),
};

/**
 * content-type, content-encoding, body, and what the access key is: the type decides nothing, the coding and the
 * bytes do.
 */
const PAIRS: [string, string, keyof typeof BODIES, 'one' | 'absent'][] = [
  ['application/json', '', 'json', 'one'],
  ['application/json', 'identity', 'json', 'one'],
  ['application/json', ' Identity ', 'json', 'one'],
  ['application/json; charset=utf-8', '', 'json', 'one'],
  ['application/json;charset=utf-16', '', 'json', 'one'],
  ['APPLICATION/JSON', '', 'json', 'one'],
  ['application/problem+json', '', 'json', 'one'],
  ['text/plain', '', 'json', 'one'],
  ['application/x-www-form-urlencoded', '', 'json', 'one'],
  ['multipart/form-data; boundary=b', '', 'json', 'one'],
  ['application/octet-stream', 'identity', 'json', 'one'],
  ['application/jsonx, text/html', '', 'json', 'one'],
  ['', '', 'json', 'one'],
  ['application/json', 'gzip', 'json', 'absent'],
  ['application/json', 'GZIP', 'json', 'absent'],
  ['application/json', 'x-gzip', 'json', 'absent'],
  ['application/json', 'br', 'json', 'absent'],
  ['application/json', 'zstd', 'json', 'absent'],
  ['application/json', 'deflate', 'json', 'absent'],
  ['application/json', 'compress', 'json', 'absent'],
  ['application/json', 'identity, gzip', 'json', 'absent'],
  ['application/json', 'identity,identity', 'json', 'absent'],
  ['application/json', 'utf-8', 'json', 'absent'],
  ['', 'gzip', 'json', 'absent'],
  ['application/json', 'gzip', 'gzip', 'absent'],
  ['application/json', '', 'gzip', 'absent'],
  ['application/gzip', '', 'gzip', 'absent'],
  ['application/x-www-form-urlencoded', '', 'form', 'absent'],
  ['application/json', '', 'form', 'absent'],
  ['multipart/form-data; boundary=b', '', 'multipart', 'absent'],
  ['application/json', '', 'multipart', 'absent'],
  ['multipart/mixed; boundary=b', '', 'multipartJson', 'absent'],
  ['application/x-ndjson', '', 'lines', 'absent'],
  ['application/json', '', 'lines', 'absent'],
  ['application/json', '', 'array', 'absent'],
  ['application/json; charset=utf-16le', '', 'utf16', 'absent'],
  ['application/grpc+json', '', 'grpcFrame', 'absent'],
  ['application/json', '', 'empty', 'absent'],
  ['application/json', 'gzip', 'empty', 'absent'],
  ['', '', 'empty', 'absent'],
];

describe('T9 compressed, multipart and mislabelled bodies', () => {
  it('lists 40 pairs', () => expect(new Set(PAIRS.map(pair => pair.join('|'))).size).to.equal(40));

  for (const [contentType, contentEncoding, form, outcome] of PAIRS) {
    it(`${contentType || 'no type'}, ${contentEncoding || 'no coding'}, ${form}: ${outcome}`, () => {
      const headers = { 'content-type': contentType, 'content-encoding': contentEncoding };
      expect(accessKeyOf({ headers, body: BODIES[form] }).kind).to.equal(outcome);
    });
  }

  it('never keep a key in query or header from naming the model', () => {
    for (const [contentType, contentEncoding, form] of PAIRS) {
      const headers = { 'content-type': contentType, 'content-encoding': contentEncoding };
      expect(accessKeyOf({ headers, body: BODIES[form], query: `accessKey=${AK}` }).kind).to.equal('one');
    }
  });
});
