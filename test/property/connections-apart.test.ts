import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { OutputPool } from '../../src/check/http2/output-pool.ts';
import { checkAsyncProperty, propertyTimeoutMs } from '../support/check-property.ts';
import { requestFor } from '../support/http2/derived-answers.ts';
import {
  check,
  data,
  frame,
  headers,
  kind,
  message,
  none,
  reset,
  settings,
  windowUpdate,
} from '../support/http2/frame-bytes.ts';
import { LeanPeer } from '../support/http2/lean-peer.ts';

/** As much as a socket is read at once. */
const readBytes = 65_536;

/** What one connection does in one turn; `size` bends it. */
const turns = fc.record({
  on: fc.nat(3),
  size: fc.nat(2000),
  what: fc.constantFrom(
    'check',
    'check_in_full_read',
    'check_in_almost_full_read',
    'silent_full_read',
    'part',
    'body',
    'window',
    'reset',
    'ping',
    'settings',
    'sweep',
    'stall',
    'go_on',
    'breathe',
    'fault',
  ),
});

type Turn = typeof turns extends fc.Arbitrary<infer T> ? T : never;

/** A client that knows which stream comes next, and does the same to a connection among others and to one that is alone. */
class Pair {
  readonly among: LeanPeer;
  readonly alone = new LeanPeer({ asks: [[4, 1 << 20]], lenient: true });
  #stream = -1;
  /** What is still to come of the frames that were begun. */
  #rest: Buffer = none;

  constructor(outputs: OutputPool) {
    this.among = new LeanPeer({ outputs, asks: [[4, 1 << 20]], lenient: true });
  }

  take({ what, size }: Turn): void {
    for (const { connection, socket } of [this.among, this.alone]) {
      if (what === 'sweep') connection.sweep();
      if (what === 'stall') socket.hold();
      if (what === 'go_on') socket.release();
    }
    const begun = this.#rest;
    const bytes = this.#bytes(what, size);
    if (bytes.length > 0) {
      this.#rest = what === 'part' ? this.#rest : none;
      this.#send(begun, bytes);
    }
  }

  #bytes(what: Turn['what'], size: number): Buffer {
    const asked = () => {
      this.#stream += 2;
      return check(this.#stream, requestFor(this.#stream, size));
    };
    switch (what) {
      case 'check':
        return asked();
      case 'check_in_full_read':
        return filled(asked(), readBytes);
      case 'check_in_almost_full_read':
        return filled(asked(), readBytes + (size % 2 === 0 ? 1 : -1));
      case 'silent_full_read':
        return filled(none, readBytes);
      case 'part': {
        const whole = asked();
        const cut = 1 + (size % (whole.length - 1));
        const first = whole.subarray(0, cut);
        this.#rest = whole.subarray(cut);
        return first;
      }
      case 'body':
        this.#stream += 2;
        return Buffer.concat([
          headers(this.#stream),
          data(this.#stream, message(requestFor(1, size)).subarray(0, 9), 0),
        ]);
      case 'window':
        return windowUpdate(0, 1 + size);
      case 'reset':
        return this.#stream < 1 ? windowUpdate(0, 1) : reset(this.#stream);
      case 'ping':
        return frame(kind.ping, 0, 0, Buffer.alloc(8, size));
      case 'settings':
        return settings([4, 1 << 20], [1, size]);
      case 'fault':
        return size % 7 === 0 ? frame(kind.windowUpdate, 0, 0, Buffer.alloc(4)) : none;
      default:
        return none;
    }
  }

  #send(...chunks: readonly Buffer[]): void {
    for (const chunk of chunks.filter(({ length }) => length > 0)) {
      for (const { connection, socket } of [this.among, this.alone]) {
        if (!socket.ended && !socket.destroyed) connection.receive(Buffer.from(chunk));
      }
    }
  }

  /** All that each side was sent, as the peer got it. */
  taken(): readonly [among: Buffer, alone: Buffer] {
    for (const { socket } of [this.among, this.alone]) socket.release();
    return [Buffer.concat(this.among.socket.taken), Buffer.concat(this.alone.socket.taken)];
  }
}

/** Filled up to so many bytes with frames that mean nothing. */
function filled(bytes: Buffer, length: number): Buffer {
  const parts = [bytes];
  for (let left = length - bytes.length; left > 0; ) {
    const next = left > 16_393 + 9 ? 16_393 : left;
    parts.push(frame(0xfa, 0, 0, Buffer.alloc(next - 9)));
    left -= next;
  }
  return Buffer.concat(parts);
}

describe('T51 connections of one server', function () {
  this.timeout(propertyTimeoutMs);

  it('each get the very bytes that they would get alone, whatever the others do in their turns', async () => {
    let bytes = 0;
    const property = fc.asyncProperty(fc.array(turns, { minLength: 2, maxLength: 14 }), async all => {
      const outputs = new OutputPool();
      const pairs = Array.from({ length: 4 }, () => new Pair(outputs));
      for (const turn of all) {
        if (turn.what === 'breathe') {
          await setImmediate();
        } else {
          pairs[turn.on]?.take(turn);
        }
      }
      await setImmediate();
      for (const pair of pairs) {
        const [among, alone] = pair.taken();
        bytes += alone.length;
        expect(among.equals(alone), 'the same bytes').to.equal(true);
      }
      expect(outputs.takenCount, 'buffers of idle connections').to.equal(0);
    });
    const cases = await checkAsyncProperty(property, 20_000);
    console.log(`      ${bytes} bytes in ${cases} cases`);
    expect(bytes).to.be.above(100 * cases);
  });
});
