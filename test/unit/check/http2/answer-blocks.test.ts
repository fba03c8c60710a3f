import { expect } from 'chai';
import { requestFor } from '../../../support/http2/derived-answers.ts';
import { expectAnswer } from '../../../support/http2/expect-answer.ts';
import { check, setting } from '../../../support/http2/frame-bytes.ts';
import { LeanPeer } from '../../../support/http2/lean-peer.ts';

const request = requestFor(1, 50);

/** Asks for so many checks, one behind the other. */
function askChecks(peer: LeanPeer, from: number, count: number): void {
  for (let n = 0; n < count; n += 1) {
    peer.send(check(from + 2 * n, request));
    expectAnswer(peer.view, from + 2 * n, request);
  }
}

describe("T14 http2: an answer's header blocks, read by a decoder that is not ours", () => {
  it('are three bytes once the table holds them', () => {
    const peer = new LeanPeer();
    askChecks(peer, 1, 3);
    const before = peer.socket.bytesWritten;
    askChecks(peer, 7, 1);
    expect(peer.socket.bytesWritten - before).to.equal(3 * 9 + 3 + 5 + 50);
  });

  for (const size of [0, 1, 59, 60, 103, 104, 4096, 65_536, 2 ** 32 - 1]) {
    it(`are right with a table of ${size} bytes`, () => {
      askChecks(new LeanPeer({ asks: [[setting.tableBytes, size]] }), 1, 4);
    });
  }

  it('follow each change of the table, and tell a smaller one in between', () => {
    const peer = new LeanPeer();
    askChecks(peer, 1, 2);
    for (const [round, sizes] of [[0], [4096], [200, 3000], [0, 4096], [4096, 0], [104, 103, 104], [9]].entries()) {
      peer.ask(...sizes.map(size => [setting.tableBytes, size] as const));
      askChecks(peer, 101 + 10 * round, 3);
    }
  });

  it('take their indexes when they are sent: an answer held back meets a table that has moved', () => {
    const peer = new LeanPeer({ asks: [[setting.initialWindow, 0]] });
    // The first block goes out before the window holds its data back; its trailers come behind the others' blocks.
    peer.send(check(1, request), check(3, request), check(5, request));
    peer.widen(3, 100);
    expectAnswer(peer.view, 3, request);
    peer.widen(1, 100);
    expectAnswer(peer.view, 1, request);
    askChecksWidened(peer, 7);
    peer.widen(5, 100);
    expectAnswer(peer.view, 5, request);
  });

  it('are right where the table changes between the two blocks of an answer that is held back', () => {
    for (const size of [0, 50, 104, 4096]) {
      const peer = new LeanPeer({ asks: [[setting.initialWindow, 0]] });
      peer.send(check(1, request), check(3, request));
      peer.ask([setting.tableBytes, size]);
      peer.widen(3, 100);
      peer.ask([setting.tableBytes, 4096]);
      peer.widen(1, 100);
      expectAnswer(peer.view, 1, request);
      expectAnswer(peer.view, 3, request);
    }
  });
});

function askChecksWidened(peer: LeanPeer, stream: number): void {
  peer.send(check(stream, request));
  peer.widen(stream, 100);
  expectAnswer(peer.view, stream, request);
}
