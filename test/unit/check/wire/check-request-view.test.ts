import { expect } from 'chai';
import { CheckRequestView } from '../../../../src/check/wire/check-request-view.ts';
import { field } from '../../../../src/check/wire/put-bytes.ts';

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
});
