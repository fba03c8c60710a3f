import { expect } from 'chai';
import { requestFor } from '../../../support/http2/derived-answers.ts';
import { expectAnswer } from '../../../support/http2/expect-answer.ts';
import { check, code, reset, setting, windowUpdate } from '../../../support/http2/frame-bytes.ts';
import { LeanPeer } from '../../../support/http2/lean-peer.ts';
import { expectTimesLonger } from '../../../support/times-longer.ts';

const filled = 65_535;
/** Answers with their prefix are five bytes longer. */
const answerOf = (bytes: number) => requestFor(1, bytes - 5);
const seen = (peer: LeanPeer, stream: number) => peer.view.streams.get(stream)?.data.length ?? 0;

describe('T18 http2: flow control of answers', () => {
  it('windows of 7 bytes let an answer pass 7 bytes at a time', () => {
    const request = answerOf(100);
    const peer = new LeanPeer({ asks: [[setting.initialWindow, 7]] });
    peer.send(check(1, request));
    for (let passed = 7; passed < 100; passed += 7) {
      expect(seen(peer, 1)).to.equal(passed);
      peer.widen(1, 7);
    }
    expectAnswer(peer.view, 1, request);
  });

  it('an exhausted connection window holds all answers, and gives what it gets to the oldest first', () => {
    const peer = new LeanPeer();
    const [large, small] = [answerOf(60_000), answerOf(6000)];
    peer.send(check(1, large), check(3, small), check(5, small));
    expect([seen(peer, 1), seen(peer, 3), seen(peer, 5)]).to.deep.equal([60_000, filled - 60_000, 0]);
    peer.widen(3, 1000);
    expect(seen(peer, 3)).to.equal(filled - 60_000);
    peer.widen(0, 465);
    expectAnswer(peer.view, 3, small);
    expect(seen(peer, 5)).to.equal(0);
    peer.widen(0, 6000);
    expectAnswer(peer.view, 5, small);
  });

  it('a window of 0 holds everything back but the headers, and one byte more is one byte', () => {
    const request = answerOf(6);
    const peer = new LeanPeer({ asks: [[setting.initialWindow, 0]] });
    peer.send(check(1, request));
    expect(peer.view.streams.get(1)?.blocks).to.have.length(1);
    for (let passed = 0; passed < 6; passed += 1) {
      expect(seen(peer, 1)).to.equal(passed);
      peer.widen(1, 1);
    }
    expectAnswer(peer.view, 1, request);
  });

  it('SETTINGS move the windows of answers that wait, up and down, below zero too', () => {
    const request = answerOf(100);
    const peer = new LeanPeer({ asks: [[setting.initialWindow, 40]] });
    peer.send(check(1, request));
    peer.ask([setting.initialWindow, 10]);
    expect(peer.view.stream(1).window).to.equal(-30);
    peer.widen(1, 30);
    peer.ask([setting.initialWindow, 30]);
    expect(seen(peer, 1)).to.equal(60);
    peer.ask([setting.initialWindow, 70]);
    expectAnswer(peer.view, 1, request);
  });

  it('several values in one SETTINGS frame count in their order, and the last one stays', () => {
    const request = answerOf(100);
    const peer = new LeanPeer({ asks: [[setting.initialWindow, 10]] });
    peer.send(check(1, request));
    peer.ask([setting.initialWindow, 0], [setting.initialWindow, 20]);
    expect(seen(peer, 1)).to.equal(20);
    peer.ask([setting.initialWindow, 60], [setting.initialWindow, 30]);
    expect(seen(peer, 1)).to.equal(30);
    peer.ask([setting.initialWindow, 100]);
    expectAnswer(peer.view, 1, request);
  });

  it('T16 a window opened for one answer costs no more where thousands wait for windows of their own', () => {
    const spent = (waiting: number) => {
      const peer = new LeanPeer({ asks: [[setting.initialWindow, 0]] });
      const streams = Array.from({ length: waiting }, (_, n) => 2 * n + 1);
      peer.send(...streams.map(stream => check(stream, answerOf(2000))));
      const updates = Buffer.concat([windowUpdate(1, 1), windowUpdate(0, 1), windowUpdate(0, 1)]);
      return () => {
        for (let n = 0; n < 200; n += 1) {
          peer.connection.receive(updates);
        }
      };
    };
    expectTimesLonger({ below: 10 }, spent(4000), spent(1));
  });

  it('an answer that was reset in its middle sends no byte more, and gives its place to the others', () => {
    const peer = new LeanPeer();
    const request = answerOf(40_000);
    peer.send(check(1, request), check(3, request), check(5, request));
    peer.send(reset(3));
    const before = seen(peer, 3);
    peer.widen(0, 40_000);
    expectAnswer(peer.view, 1, request);
    expect(seen(peer, 3)).to.equal(before);
    peer.widen(0, 40_000);
    expectAnswer(peer.view, 5, request);
    expect(peer.connection.streams.size).to.equal(0);
    expect(peer.connection.sender.unsentBytes).to.equal(0);
  });

  it('an answer that waits is dropped whole when its stream is at fault', () => {
    const peer = new LeanPeer();
    const request = answerOf(40_000);
    peer.send(check(1, request), check(3, request));
    // PRIORITY of a wrong length is an error of its stream (RFC 9113, 6.3).
    peer.send(Buffer.from([0, 0, 1, 2, 0, 0, 0, 0, 3, 0]));
    expect(peer.view.streams.get(3)?.resetCode).to.equal(code.frameSize);
    peer.widen(0, 100_000);
    peer.send(check(5, request));
    expectAnswer(peer.view, 5, request);
    expect(peer.connection.sender.unsentBytes).to.equal(0);
  });

  it('a window beyond 2^31-1 is an error, of the stream or of the connection (RFC 9113, 6.9.1)', () => {
    const peer = new LeanPeer({ asks: [[setting.initialWindow, 10]] });
    peer.send(check(1, answerOf(100)));
    peer.widen(1, 2 ** 31 - 1);
    peer.widen(1, 2 ** 31 - 1);
    expect(peer.view.streams.get(1)?.ended).to.equal(true);
    peer.send(check(3, answerOf(65_530)), check(5, answerOf(65_530)));
    peer.widen(5, 2 ** 31 - 100);
    peer.ask([setting.initialWindow, 2 ** 31 - 1]);
    expect(peer.ending).to.equal(code.flowControl);
  });

  it('answers larger than a frame come in several', () => {
    const request = answerOf(50_000);
    const peer = new LeanPeer();
    peer.send(check(1, request));
    expectAnswer(peer.view, 1, request);
  });
});
