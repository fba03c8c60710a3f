import { expect } from 'chai';
import { CheckRequestView } from '../../../../src/check/wire/check-request-view.ts';
import { field } from '../../../../src/check/wire/put-bytes.ts';
import { makeSecret } from '../../../../src/keys/secret.ts';

/** A CheckRequest with one entry in its plain map of headers. */
const withHeaderEntry = (...entry: readonly (Uint8Array | string)[]) =>
  field(0x0a, field(0x22, field(0x12, field(0x1a, ...entry))));

function apiKeyIn(bytes: Buffer): string | undefined {
  const view = new CheckRequestView();
  expect(view.read(bytes, 0, bytes.length)).to.equal(true);
  return view.header('x-api-key');
}

describe('check: the view of a CheckRequest', () => {
  it('reads a length that is written longer than it needs, though its first byte alone would lead to the end as well', () => {
    const value = Buffer.from([0x12, 0x82, 0x00, ...Buffer.from('ab')]);
    const unknown = field(0x22, Buffer.alloc(125));
    expect(1 + 2 + unknown.length).to.equal(0x82);
    expect(apiKeyIn(withHeaderEntry(field(0x0a, 'x-api-key'), value, unknown))).to.equal('ab');
  });

  it('tells nothing of the check before', () => {
    const view = new CheckRequestView();
    const full = withHeaderEntry(field(0x0a, 'x-api-key'), field(0x12, 'ab'));
    view.read(full, 0, full.length);
    expect(view.header('x-api-key')).to.equal('ab');
    expect(view.read(full, 0, 0)).to.equal(true);
    const { contentLength, path, query, body, pin, requestId, callerAddress, isGrpc } = view;
    expect([view.header('x-api-key'), contentLength, pin]).to.deep.equal([undefined, undefined, undefined]);
    expect([path, query, body.length, requestId, callerAddress, isGrpc]).to.deep.equal(['', '', 0, '', '', false]);
  });

  it('B25 names the headers that hold a key of ours, alike in both forms, and those of the call alone', () => {
    const [key, other] = [makeSecret('api_key'), `${makeSecret('api_key').slice(0, -1)}-`];
    const headers: [string, string][] = [
      ['X-Auth-Token', key],
      ['cookie', `a=b; session=${makeSecret('session')}; ${'x'.repeat(200)}`],
      ['x-other', other],
      ['authorization', `Bearer ${key}`],
      ['api-key', key],
      ['content-type', `text/${key}`],
      ['host', key],
      [':path', key],
      ['x-modelgate-target', key],
      ['x bad', key],
      ['x-auth-token', key],
    ];
    const plain = headers.map(([name, value]) => field(0x1a, field(0x0a, name), field(0x12, value)));
    const raw = headers.map(([name, value]) => field(0x0a, field(0x0a, name), field(0x1a, value)));
    const message = (...parts: readonly Buffer[]) => field(0x0a, field(0x22, field(0x12, ...parts)));
    const view = new CheckRequestView();
    const read = (bytes: Buffer) => (view.read(bytes, 0, bytes.length) ? view.headersWithOwnKeys : undefined);
    for (const bytes of [message(...plain), message(field(0x6a, ...raw))]) {
      expect(read(bytes)).to.deep.equal(['content-type', 'cookie', 'x-auth-token']);
    }
    expect(read(Buffer.alloc(0))).to.deep.equal([]);
    const harmless = field(0x6a, field(0x0a, field(0x0a, 'a'), field(0x1a, 'b')));
    expect(read(message(...plain, harmless))).to.deep.equal([]);
  });
});
