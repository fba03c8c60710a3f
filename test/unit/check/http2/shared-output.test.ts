import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { OutputPool } from '../../../../src/check/http2/output-pool.ts';
import { requestFor } from '../../../support/http2/derived-answers.ts';
import { expectAnswer } from '../../../support/http2/expect-answer.ts';
import {
  bit,
  check,
  code,
  data,
  frame,
  headers,
  kind,
  message,
  windowUpdate,
} from '../../../support/http2/frame-bytes.ts';
import { LeanPeer } from '../../../support/http2/lean-peer.ts';

const request = requestFor(1, 500);
const unfinished = frame(kind.data, 0, 1, message(request).subarray(0, 6));

/** A check and frames that mean nothing, together as much as a socket is read at once. */
function fullRead(stream: number, body: Buffer): Buffer {
  const asked = check(stream, body);
  return Buffer.concat([asked, unknownFrames(65_536 - asked.length)]);
}

/** Frames that mean nothing, so many bytes of them. */
function unknownFrames(bytes: number): Buffer {
  const parts = Array.from({ length: Math.ceil(bytes / 16_384) }, (_, n) => Math.min(16_384, bytes - n * 16_384));
  return Buffer.concat(parts.map(length => frame(0xfa, 0, 0, Buffer.alloc(length - 9))));
}

/** Two connections of one server, and what the second one gets: its own answer, and not a byte of the first's. */
function pair() {
  const outputs = new OutputPool();
  const [first, second] = [new LeanPeer({ outputs }), new LeanPeer({ outputs })];
  const expectUntouched = () => {
    const before = second.socket.bytesWritten;
    second.connection.sweep();
    second.look();
    expect(second.socket.bytesWritten, 'bytes for nobody').to.equal(before);
    second.send(check(1, request));
    expectAnswer(second.view, 1, request);
    expect(second.view.isWhole).to.equal(true);
  };
  return { first, second, outputs, expectUntouched };
}

describe('T14 T51 http2: connections that share a pool of buffers', () => {
  it('a connection that has failed says nothing at a drain that the next one would get', () => {
    const { first, expectUntouched } = pair();
    first.send(frame(kind.windowUpdate, 0, 0, Buffer.alloc(4)));
    expect(first.ending).to.equal(code.protocol);
    first.connection.goAway();
    first.connection.end();
    first.connection.sweep();
    expectUntouched();
  });

  it('what follows an error in the same chunk is not answered, to anybody', () => {
    const { first, expectUntouched } = pair();
    first.send(check(1, request), frame(kind.ping, 0, 1, Buffer.alloc(8)), check(3, request));
    expectAnswer(first.view, 1, request);
    expect(first.view.streams.has(3)).to.equal(false);
    expectUntouched();
  });

  it('a turn that fails in the middle of an answer leaves nothing behind', () => {
    const outputs = new OutputPool();
    const failing = new LeanPeer({
      outputs,
      answerer: {
        begin: () => undefined,
        answer: (_bytes, _start, _end, out) => {
          out.reserve(100);
          out.at += 100;
          throw new Error('a fault of ours');
        },
        sent: () => undefined,
      },
    });
    const second = new LeanPeer({ outputs });
    expect(() => failing.send(check(1, request))).to.throw('a fault of ours');
    // As the server does.
    failing.connection.drop();
    failing.connection.sender.discard();
    failing.connection.end();
    second.send(check(1, request));
    expectAnswer(second.view, 1, request);
  });

  it('a write that the kernel has not taken is not written over by the next answers, of any connection', () => {
    const { first, second } = pair();
    first.socket.hold();
    for (let n = 0; n < 50; n += 1) {
      first.send(check(2 * n + 1, requestFor(n, 100)));
      second.send(check(2 * n + 1, requestFor(1000 + n, 100)));
      expectAnswer(second.view, 2 * n + 1, requestFor(1000 + n, 100));
    }
    first.socket.release();
    first.look();
    for (let n = 0; n < 50; n += 1) {
      expectAnswer(first.view, 2 * n + 1, requestFor(n, 100));
    }
  });

  it('answers of a read that was full go out with those of the next one', () => {
    const { first, expectUntouched } = pair();
    first.send(fullRead(1, request));
    expect(first.view.streams.has(1)).to.equal(false);
    first.send(check(3, request));
    for (const stream of [1, 3]) {
      expectAnswer(first.view, stream, request);
    }
    expectUntouched();
  });

  it('answers of a read that was full go out when the event loop has read what there is', async () => {
    const { first, expectUntouched } = pair();
    first.send(fullRead(1, request));
    await setImmediate();
    first.look();
    expectAnswer(first.view, 1, request);
    expectUntouched();
  });

  it('answers of a read that was full reach their own connection though another one writes meanwhile', async () => {
    const { first, second } = pair();
    first.send(fullRead(1, request));
    second.send(check(1, request));
    await setImmediate();
    first.look();
    expectAnswer(first.view, 1, request);
    expectAnswer(second.view, 1, request);
  });

  const silentTurns: Readonly<Record<string, (second: LeanPeer) => void>> = {
    'opens a window': second => second.send(windowUpdate(0, 1)),
    'brings a part of a frame': second => second.send(Buffer.of(0, 0)),
    'brings a full read of unknown frames': second => second.send(unknownFrames(65_536)),
    'resets a stream': second => second.send(headers(1), frame(kind.reset, 0, 1, Buffer.of(0, 0, 0, 8))),
    'is looked at for what is late': second => second.connection.sweep(),
    'is closed': second => second.connection.drop(),
    'settles what another service says': second => second.connection.settle(),
  };

  for (const [name, turn] of Object.entries(silentTurns)) {
    it(`T51 answers of a read that was full reach their own connection when another one ${name}`, async () => {
      const { first, second, outputs } = pair();
      const before = second.socket.bytesWritten;
      first.send(fullRead(1, request));
      turn(second);
      await setImmediate();
      first.look();
      expect(second.socket.bytesWritten, 'foreign bytes').to.equal(before);
      expectAnswer(first.view, 1, request);
      expect(outputs.takenCount, 'buffers of idle connections').to.equal(0);
    });
  }

  it('answers of many full reads wait for a few of them only', () => {
    const { first } = pair();
    for (let n = 0; n < 8; n += 1) {
      first.send(fullRead(2 * n + 1, request));
    }
    expectAnswer(first.view, 1, request);
  });

  it('a drain answers what has begun, takes nothing new, and ends with the last answer', () => {
    const { first, expectUntouched } = pair();
    first.send(headers(1), unfinished);
    first.connection.goAway();
    first.send(check(3, request));
    first.connection.end();
    first.send(check(5, request), headers(7), data(7, message(request), 0), headers(7, Buffer.alloc(0), 5));
    first.send(frame(kind.data, bit.endStream, 1, message(request).subarray(6)));
    expectAnswer(first.view, 1, request);
    expectAnswer(first.view, 3, request);
    expect([...first.view.streams.keys()]).to.deep.equal([3, 1]);
    expect(first.view.goaways).to.deep.equal([
      { last: 2 ** 31 - 1, code: 0 },
      { last: 3, code: 0 },
    ]);
    expect(first.socket.ended).to.equal(true);
    expectUntouched();
  });
});
