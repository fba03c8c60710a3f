import { expect } from 'chai';
import {
  partialMsMax,
  streamMsMax,
  unsentBytesMax,
  waitingBytesMaxInAll,
} from '../../../../src/check/http2/limits/limits.ts';
import { OutputPool } from '../../../../src/check/http2/output-pool.ts';
import { requestFor } from '../../../support/http2/derived-answers.ts';
import { expectAnswer } from '../../../support/http2/expect-answer.ts';
import {
  check,
  checkBlock,
  code,
  data,
  frame,
  greeting,
  headers,
  kind,
  message,
  setting,
} from '../../../support/http2/frame-bytes.ts';
import { LeanPeer } from '../../../support/http2/lean-peer.ts';

const request = requestFor(1, 1000);

/** Lets time pass, with the looks that the server takes every second. */
function wait(peer: LeanPeer, ms: number): void {
  for (const end = peer.now + ms; peer.now < end; ) {
    peer.now = Math.min(end, peer.now + 1000);
    peer.connection.sweep();
    peer.look();
  }
}

describe('T18 http2: slow peers', () => {
  for (const [title, bytes] of Object.entries({
    'no preface': Buffer.alloc(0),
    'half a preface': greeting.subarray(0, 9),
    'a preface and no SETTINGS': greeting,
  })) {
    it(`a connection with ${title} is ended after ${partialMsMax} ms`, () => {
      const peer = new LeanPeer({ silent: true });
      peer.send(bytes);
      wait(peer, partialMsMax);
      expect(peer.ending).to.equal(undefined);
      wait(peer, 1000);
      expect(peer.ending).to.equal(code.enhanceYourCalm);
    });
  }

  for (const [title, bytes] of Object.entries({
    'half a frame': headers(1).subarray(0, 20),
    'half the head of a frame': headers(1).subarray(0, 5),
    'half a header block': headers(1, checkBlock, 0),
  })) {
    it(`a connection with ${title} is ended after ${partialMsMax} ms, though bytes trickle in`, () => {
      const peer = new LeanPeer();
      peer.send(check(1, request), bytes);
      wait(peer, partialMsMax - 1000);
      peer.send(title === 'half a header block' ? frame(kind.continuation, 0, 1) : Buffer.of(0));
      wait(peer, 1000);
      expect(peer.ending).to.equal(undefined);
      wait(peer, 1000);
      expect(peer.ending).to.equal(code.enhanceYourCalm);
    });
  }

  it('a peer that sends without a pause, and so is always within a frame, goes on', () => {
    const peer = new LeanPeer();
    const small = requestFor(1, 100);
    const frames = Array.from({ length: 100 }, (_, n) => check(2 * n + 1, small));
    const bytes = Buffer.concat(frames);
    const each = (frames[0] as Buffer).length;
    peer.send(bytes.subarray(0, each / 2));
    for (let n = 1; n < frames.length; n += 1) {
      peer.send(bytes.subarray((n - 1) * each + each / 2, n * each + each / 2));
      wait(peer, 1000);
    }
    expect(peer.ending).to.equal(undefined);
    expectAnswer(peer.view, 197, small);
  });

  it(`a request that is not complete, or an answer that is not taken, is reset after ${streamMsMax} ms`, () => {
    const peer = new LeanPeer({ asks: [[setting.initialWindow, 10]] });
    peer.send(headers(1), data(1, message(request).subarray(0, 7), 0), check(3, request), headers(5));
    wait(peer, streamMsMax);
    expect(peer.connection.streams.size).to.equal(3);
    wait(peer, 1000);
    expect([1, 3, 5].map(id => peer.view.streams.get(id)?.resetCode)).to.deep.equal(Array(3).fill(code.cancel));
    expect([peer.connection.streams.size, peer.connection.sender.unsentBytes]).to.deep.equal([0, 0]);
    peer.widen(0, 1000);
    expect(peer.ending).to.equal(undefined);
  });

  it(`a connection whose answers wait for windows with more than ${unsentBytesMax} bytes is ended`, () => {
    const peer = new LeanPeer({ asks: [[setting.initialWindow, 0]] });
    const large = requestFor(1, 65_000);
    for (let stream = 1; peer.ending === undefined; stream += 2) {
      expect(peer.connection.sender.unsentBytes).to.be.at.most(unsentBytesMax);
      peer.send(check(stream, large));
    }
    expect(peer.ending).to.equal(code.enhanceYourCalm);
    expect([peer.connection.streams.size, peer.connection.sender.unsentBytes]).to.deep.equal([0, 0]);
  });

  it(`T17 where ${waitingBytesMaxInAll} bytes wait on all connections, one with more than its share is ended, others go on`, () => {
    const outputs = new OutputPool();
    const asks = [[setting.initialWindow, 0]] as const;
    const peers = Array.from({ length: 4 }, () => new LeanPeer({ outputs, asks }));
    const [greedy, modest, sleeper, opener] = peers as [LeanPeer, LeanPeer, LeanPeer, LeanPeer];
    greedy.send(check(1, requestFor(1, 60_000)), check(3, requestFor(3, 60_000)));
    modest.send(check(1, requestFor(1, 60_000)));
    sleeper.ask([setting.initialWindow, 2 ** 20]);
    sleeper.widen(0, 2 ** 20);
    sleeper.socket.hold();
    sleeper.send(check(1, requestFor(1, 60_000)), check(3, requestFor(3, 60_000)));
    opener.send(...Array.from({ length: 200 }, (_, n) => headers(2 * n + 1)));
    const waiting = outputs.waitingBytes;
    expect(waiting).to.be.above(5 * 60_000);
    // As much more on connections that are none of these.
    outputs.waitingBytes = waitingBytesMaxInAll + 1;
    for (const { connection } of peers) connection.sweep();
    expect(peers.map(({ socket }) => socket.destroyed)).to.deep.equal([true, false, true, true]);
    for (const { connection } of peers) connection.sender.release();
    expect(outputs.waitingBytes).to.equal(waitingBytesMaxInAll + 1 - waiting);
  });

  it('a peer that sleeps is not read from while much waits for it, and then gets every byte once', () => {
    const peer = new LeanPeer({ asks: [[setting.initialWindow, 2 ** 30]] });
    peer.widen(0, 2 ** 30);
    peer.socket.hold();
    let asked = 0;
    for (; !peer.socket.isPaused(); asked += 1) {
      peer.send(check(2 * asked + 1, requestFor(asked, 20_000)));
    }
    expect(peer.socket.writableLength).to.be.within(1024 * 1024, 1024 * 1024 + 21_000);
    peer.socket.release();
    peer.look();
    expect(peer.socket.isPaused()).to.equal(false);
    for (let n = 0; n < asked; n += 1) {
      expectAnswer(peer.view, 2 * n + 1, requestFor(n, 20_000));
    }
  });

  it('a peer that sleeps pins no more memory than what waits for it, and one buffer', () => {
    const peer = new LeanPeer();
    peer.socket.hold();
    for (let n = 0; n < 500; n += 1) {
      peer.send(frame(kind.ping, 0, 0, Buffer.alloc(8)));
    }
    expect(peer.socket.writableLength).to.equal(500 * 17);
    expect(peer.socket.pinnedBytes).to.be.below(200_000);
  });

  it(`a peer that takes nothing of what was written is dropped after ${streamMsMax} ms, after an error too`, () => {
    const [peer, failed, slow] = [new LeanPeer(), new LeanPeer(), new LeanPeer()];
    for (const each of [peer, failed, slow]) {
      each.socket.hold();
      each.send(check(1, request));
    }
    failed.send(frame(kind.windowUpdate, 0, 0, Buffer.alloc(4)));
    for (let second = 0; second <= streamMsMax; second += 1000) {
      expect([peer, failed, slow].map(each => each.socket.destroyed)).to.deep.equal([false, false, false]);
      for (const each of [peer, failed, slow]) {
        wait(each, 1000);
      }
      slow.socket.release();
      slow.socket.hold();
      slow.send(frame(kind.ping, 0, 0, Buffer.alloc(8)));
    }
    wait(peer, 1000);
    wait(failed, 1000);
    expect([peer, failed, slow].map(each => each.socket.destroyed)).to.deep.equal([true, true, false]);
  });
});
