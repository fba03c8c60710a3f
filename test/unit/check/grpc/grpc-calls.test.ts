import { expect } from 'chai';
import { ByteBudget } from '../../../../src/check/http2/limits/byte-budget.ts';
import { answerFor, requestFor, undecidedRequest } from '../../../support/http2/derived-answers.ts';
import { expectAnswer, expectRefusal } from '../../../support/http2/expect-answer.ts';
import {
  callBlock,
  check,
  checkPath,
  data,
  headers,
  message,
  none,
  setting,
} from '../../../support/http2/frame-bytes.ts';
import { LeanPeer } from '../../../support/http2/lean-peer.ts';

const request = requestFor(1, 100);
const status = { deadlineExceeded: 4, resourceExhausted: 8, unimplemented: 12, internal: 13, unavailable: 14 };

describe('T17 gRPC: messages', () => {
  it('that are compressed, too long or not one are refused, with the next one answered', () => {
    const peer = new LeanPeer({ messageBytesMax: 1000 });
    const cases: [Buffer, number][] = [
      [message(request, request.length, 1), status.unimplemented],
      [message(request, 1001), status.resourceExhausted],
      [message(request, 2 ** 32 - 1), status.resourceExhausted],
      [message(request, request.length + 1), status.internal],
      [message(request, request.length - 1), status.internal],
      [Buffer.concat([message(request), message(request)]), status.internal],
      [none, status.internal],
      [Buffer.of(0, 0, 0), status.internal],
    ];
    for (const [n, [bytes, expected]] of cases.entries()) {
      const stream = 4 * n + 1;
      peer.send(headers(stream), data(stream, bytes));
      expectRefusal(peer.view, stream, expected);
      peer.send(check(stream + 2, request));
      expectAnswer(peer.view, stream + 2, request);
    }
    expect(peer.answers.worked).to.equal(cases.length);
  });

  it('are refused by their prefix alone, before their bytes come', () => {
    const peer = new LeanPeer({ messageBytesMax: 1000 });
    peer.send(headers(1), data(1, message(none, 1001), 0), headers(3), data(3, message(none, 5, 1), 0));
    expectRefusal(peer.view, 1, status.resourceExhausted);
    expectRefusal(peer.view, 3, status.unimplemented);
    expect([1, 3].map(id => peer.view.streams.get(id)?.resetCode)).to.deep.equal([0, 0]);
  });

  it('are refused as soon as more comes than was announced', () => {
    const peer = new LeanPeer();
    peer.send(headers(1), data(1, message(none, 3), 0), data(1, Buffer.alloc(4), 0));
    expectRefusal(peer.view, 1, status.internal);
    expect(peer.connection.streams.size).to.equal(0);
  });

  it('that are not complete share a budget with those of other connections, and give back what they held', () => {
    const bodies = new ByteBudget(50);
    const [one, other] = [new LeanPeer({ bodies }), new LeanPeer({ bodies })];
    const half = (stream: number) => [headers(stream), data(stream, message(request).subarray(0, 20), 0)];
    const rest = (stream: number) => data(stream, message(request).subarray(20));
    one.send(...half(1), ...half(3));
    other.send(...half(1), ...half(3));
    expectRefusal(other.view, 3, status.resourceExhausted);
    for (const peer of [one, other]) {
      peer.send(rest(1));
      expectAnswer(peer.view, 1, request);
    }
    other.send(...half(5), rest(5));
    expectAnswer(other.view, 5, request);
  });

  it('hold as many bytes of the budget as have come, not the room that was made for them', () => {
    const begun = 512 * 2049;
    const peer = new LeanPeer({ bodies: new ByteBudget(begun + 1000) });
    for (let n = 0; n < 512; n += 1) {
      peer.send(headers(2 * n + 1), data(2 * n + 1, message(none, 3000).subarray(0, 5), 0));
      peer.send(data(2 * n + 1, Buffer.alloc(2044), 0));
    }
    expect([peer.ending, peer.connection.streams.size]).to.deep.equal([undefined, 512]);
  });

  it('of greedy connections leave to each other one its share', () => {
    const bodies = new ByteBudget(400_000);
    const greedy = Array.from({ length: 4 }, () => new LeanPeer({ bodies }));
    for (const peer of greedy) {
      for (let n = 0; n < 60; n += 1) {
        peer.send(headers(2 * n + 1), data(2 * n + 1, message(Buffer.alloc(3000), 4000), 0));
      }
      expect(peer.ending, 'refused, not ended').to.equal(undefined);
    }
    const honest = new LeanPeer({ bodies });
    const large = Buffer.concat([request, Buffer.alloc(20_000 - request.length)]);
    honest.send(headers(1), data(1, message(large).subarray(0, 16_384), 0));
    honest.send(data(1, message(large).subarray(16_384)));
    expect(honest.view.streams.get(1)?.resetCode).to.equal(undefined);
    expectAnswer(honest.view, 1, large);
  });

  it('that were refused, thousands of them, end no connection by what is still on its way for them', () => {
    const peer = new LeanPeer({ bodies: new ByteBudget(100_000) });
    const streams = Array.from({ length: 1800 }, (_, n) => 2 * n + 1);
    for (const stream of streams) {
      peer.send(headers(stream), data(stream, message(Buffer.alloc(2000), 3000), 0));
    }
    for (const stream of streams) {
      peer.send(data(stream, Buffer.alloc(1000)));
    }
    expect(peer.ending).to.equal(undefined);
    peer.send(check(9001, request));
    expectAnswer(peer.view, 9001, request);
  });
});

describe('T18 gRPC: deadlines', () => {
  const timeouts: [string, number | undefined][] = [
    ['1H', 3_600_000],
    ['2M', 120_000],
    ['3S', 3000],
    ['99999999S', 99_999_999_000],
    ['40m', 40],
    ['5000u', 5],
    ['6000000n', 6],
    ['0m', 0],
    ['123456789m', undefined],
    ['5', undefined],
    ['m', undefined],
    ['-5m', undefined],
    ['5 m', undefined],
    ['5m,5m', undefined],
  ];
  for (const [text, ms] of timeouts) {
    it(`grpc-timeout ${text} is ${ms === undefined ? 'no limit' : `${ms} ms: then no answer is worked out`}`, () => {
      const peer = new LeanPeer();
      peer.send(headers(1, callBlock(checkPath, [['grpc-timeout', text]])));
      peer.send(headers(3, callBlock(checkPath, [['grpc-timeout', text]])));
      peer.now += Math.max(0.001, (ms ?? 1e12) - 1);
      peer.send(data(1, message(request)));
      peer.now += 1;
      peer.send(data(3, message(request)));
      if (ms !== 0) expectAnswer(peer.view, 1, request);
      if (ms === undefined) expectAnswer(peer.view, 3, request);
      else expectRefusal(peer.view, 3, status.deadlineExceeded);
      expect(peer.answers.worked).to.equal(ms === undefined ? 2 : ms === 0 ? 0 : 1);
    });
  }
});

describe('T20 gRPC: paths and methods', () => {
  it('only the exact path is a check; others are refused with a text that fits into a frame', () => {
    const peer = new LeanPeer();
    const slashless = checkPath.slice(1);
    const paths = [`${checkPath}/`, `/${checkPath}`, slashless, checkPath.toLowerCase(), '/', `/${'%'.repeat(110)}`];
    for (const [n, path] of paths.entries()) {
      peer.send(headers(2 * n + 1, callBlock(path)), data(2 * n + 1, message(request)));
      expectRefusal(peer.view, 2 * n + 1, status.unimplemented);
    }
    expect(peer.answers.worked).to.equal(0);
  });

  it('what is no gRPC gets 415 and a sentence', () => {
    const peer = new LeanPeer();
    const plain = Buffer.from(
      callBlock(checkPath).toString('latin1').replace('application/grpc', 'application/json'),
      'latin1',
    );
    peer.send(headers(1, plain), data(1, message(request)));
    expect(peer.view.streams.get(1)?.blocks[0]?.[0]).to.deep.equal([':status', '415']);
    expect(String(peer.view.streams.get(1)?.data)).to.contain('it speaks gRPC');
  });

  it('where nothing can be decided the call is UNAVAILABLE, and its neighbours get their answers', () => {
    const peer = new LeanPeer();
    peer.send(check(1, request), check(3, undecidedRequest), check(5, request));
    expectRefusal(peer.view, 3, status.unavailable);
    expectAnswer(peer.view, 1, request);
    expectAnswer(peer.view, 5, request);
    expect(peer.answers.handedOver).to.deep.equal({ allow: 0, deny: 2, undecided: 1 });
  });

  it('an answer that waits for its window counts once', () => {
    const peer = new LeanPeer({ asks: [[setting.initialWindow, 1]] });
    peer.send(check(1, request));
    peer.widen(1, answerFor(request).length);
    peer.widen(1, 4);
    expectAnswer(peer.view, 1, request);
    expect(peer.answers.handedOver).to.deep.equal({ allow: 0, deny: 1, undecided: 0 });
  });
});
