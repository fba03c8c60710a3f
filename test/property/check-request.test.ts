import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import type { CheckCall } from '../../src/check/check-call.ts';
import { CheckRequestView } from '../../src/check/wire/check-request-view.ts';
import { type HeaderName, headerNames } from '../../src/check/wire/header-slots.ts';
import { checkProperty, propertyTimeoutMs } from '../support/check-property.ts';
import { readCheckCall } from '../support/reference/read-check-call.ts';
import { Tally } from '../support/tally.ts';
import { decodeCheck } from './judge.ts';
import { mutated, mutation } from './mutated-bytes.ts';
import { plainRequest } from './plain-request.ts';
import { checkMessage } from './random-messages.ts';

/** Some harm in one of four: most harm makes a message malformed, which is told soon. */
const messages = fc.oneof(
  { weight: 3, arbitrary: checkMessage },
  {
    weight: 1,
    arbitrary: fc
      .tuple(checkMessage, fc.array(mutation, { minLength: 1, maxLength: 2 }))
      .map(([bytes, mutations]) => mutated(bytes, mutations)),
  },
  { weight: 1, arbitrary: fc.tuple(checkMessage, checkMessage).map(both => Buffer.concat(both)) },
);

/** The bytes behind a message are another's. */
const around = Buffer.from([0x0a, 0x80, 0x22, 0x41]);
const view = new CheckRequestView();

function viewOf(bytes: Buffer): object | undefined {
  const shared = Buffer.concat([around, bytes, around]);
  return view.read(shared, around.length, around.length + bytes.length) ? contentOf(view) : undefined;
}

/** All that is read of a call, as one value that can be compared. */
function contentOf(call: CheckCall): object {
  const { contentLength, query, body, pin, requestId, callerAddress, isGrpc, headersWithOwnKeys } = call;
  const path = call.path.includes('?') ? call.path : '';
  const headers = headerNames.map(name => (call.header as (name: HeaderName) => string | undefined).call(call, name));
  const text = body.toString('hex');
  return { headers, contentLength, path, query, text, pin, requestId, callerAddress, isGrpc, headersWithOwnKeys };
}

function expectSame(read: object | undefined, expected: object | undefined): void {
  if (!isDeepStrictEqual(read, expected)) expect(read).to.deep.equal(expected);
}

describe('T5 T14 a CheckRequest that is read where it lies', () => {
  it('says what protobufjs says, and where that is not protobuf, what the specification says', () => {
    const tally = new Tally();
    const property = fc.property(messages, bytes => {
      const { request, oddities } = plainRequest(bytes);
      const read = viewOf(bytes);
      expectSame(read, request && contentOf(readCheckCall(request)));
      for (const oddity of oddities) tally.note(oddity);
      tally.note(read ? 'read' : 'malformed');
      if (oddities.size > 0) return;
      const decoded = decodeCheck(bytes);
      expectSame(read, decoded && contentOf(readCheckCall(decoded)));
      tally.note('as protobufjs');
    });
    const cases = checkProperty(property, 20_000);
    tally.expectEach(['as protobufjs', 'read'], cases / 2);
    tally.expectEach(['malformed', 'message twice', 'wire type'], cases / 100);
  }).timeout(propertyTimeoutMs);

  it('is malformed where it ends too soon, wherever that is', () => {
    const property = fc.property(checkMessage, bytes => {
      for (let end = 0; end < bytes.length; end += 1) {
        const cut = bytes.subarray(0, end);
        expectSame(viewOf(cut) && { read: true }, plainRequest(cut).request && { read: true });
      }
    });
    checkProperty(property, 50);
  }).timeout(propertyTimeoutMs);
});
