import { expect } from 'chai';
import { requestFor } from '../../../support/http2/derived-answers.ts';
import { expectAnswer } from '../../../support/http2/expect-answer.ts';
import {
  bit,
  check,
  checkBlock,
  data,
  frame,
  greeting,
  headers,
  kind,
  message,
  none,
  padded,
  settings,
  uint32,
} from '../../../support/http2/frame-bytes.ts';
import { LeanPeer } from '../../../support/http2/lean-peer.ts';
import { seeded } from '../../../support/seeded.ts';

const request = requestFor(7, 300);
const opened = Buffer.concat([greeting, settings()]);
const checks = (count: number) =>
  Buffer.concat(Array.from({ length: count }, (_, n) => check(2 * n + 1, requestFor(n, 40 * n))));

describe('T14 http2: frames in pieces', () => {
  it('bytes one by one are the frames that they were', () => {
    const peer = new LeanPeer({ silent: true });
    const bytes = Buffer.concat([opened, checks(3)]);
    peer.sendCut(
      bytes,
      Array.from(bytes, (_, at) => at),
    );
    for (const n of [0, 1, 2]) {
      expectAnswer(peer.view, 2 * n + 1, requestFor(n, 40 * n));
    }
  });

  it('a cut at any place changes nothing', () => {
    const bytes = Buffer.concat([opened, check(1, request)]);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const peer = new LeanPeer({ silent: true });
      peer.sendCut(bytes, [cut]);
      expectAnswer(peer.view, 1, request);
    }
  });

  it('forty calls cut at two hundred places that a seed picks are forty answers', () => {
    const random = seeded(4);
    const bytes = Buffer.concat([opened, checks(40)]);
    for (let round = 0; round < 20; round += 1) {
      const peer = new LeanPeer({ silent: true });
      const cuts = Array.from({ length: 200 }, () => Math.floor(random() * bytes.length));
      peer.sendCut(bytes, cuts);
      for (let n = 0; n < 40; n += 1) {
        expectAnswer(peer.view, 2 * n + 1, requestFor(n, 40 * n));
      }
    }
  });

  it('padding and priority are taken away, whole or cut', () => {
    const priority = Buffer.concat([uint32(0), Buffer.of(15)]);
    const padding = bit.padded | bit.endHeaders;
    const bytes = Buffer.concat([
      headers(1, padded(checkBlock, 200), padding),
      data(1, padded(message(request), 255), bit.padded | bit.endStream),
      headers(3, Buffer.concat([Buffer.of(9), priority, checkBlock, Buffer.alloc(9)]), padding | bit.priority),
      data(3, padded(message(request).subarray(0, 6), 0), bit.padded),
      data(3, padded(message(request).subarray(6), 3), bit.padded | bit.endStream),
    ]);
    for (let cut = 0; cut <= bytes.length; cut += 7) {
      const peer = new LeanPeer();
      peer.sendCut(bytes, [cut, cut + 3]);
      expectAnswer(peer.view, 1, request);
      expectAnswer(peer.view, 3, request);
    }
  });

  it('a header block in CONTINUATION frames, empty ones too, is one block', () => {
    const pieces = [1, 30, 31, 31, checkBlock.length];
    const parts = pieces.map((end, n) => checkBlock.subarray(pieces[n - 1] ?? 0, end));
    const frames = parts.map((part, n) =>
      n === 0 ? headers(1, part, 0) : frame(kind.continuation, n === parts.length - 1 ? bit.endHeaders : 0, 1, part),
    );
    const bytes = Buffer.concat([...frames, data(1, message(request))]);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const peer = new LeanPeer();
      peer.sendCut(bytes, [cut]);
      expectAnswer(peer.view, 1, request);
    }
  });

  it('a message in many DATA frames, empty ones too, is one message; its end may come as trailers', () => {
    const peer = new LeanPeer();
    const bytes = message(request);
    const pieces = Array.from(bytes, byte => data(1, Buffer.of(byte), 0));
    peer.send(headers(1), data(1, none, 0), ...pieces, data(1, none));
    const trailers = headers(3, Buffer.from('\0\x01a\x01b'), bit.endHeaders | bit.endStream);
    peer.send(headers(3), data(3, bytes, 0), trailers);
    expectAnswer(peer.view, 1, request);
    expectAnswer(peer.view, 3, request);
  });

  for (const [title, make] of Object.entries<(stream: number) => Buffer>({
    'HEADERS that say they are padded': stream => frame(kind.headers, bit.padded | bit.endHeaders, stream),
    'HEADERS that say they have a priority': stream => frame(kind.headers, bit.priority | bit.endHeaders, stream),
    'HEADERS of one byte that are padded and have a priority': stream =>
      frame(kind.headers, bit.padded | bit.priority, stream, Buffer.of(0)),
  })) {
    it(`${title} and are too short end the connection, at the end of a chunk too`, () => {
      const peer = new LeanPeer();
      peer.send(make(1));
      expect(peer.ending).to.be.oneOf([1, 6]);
    });
  }

  it('DATA that says it is padded and is empty ends the connection, at the end of a chunk too', () => {
    const peer = new LeanPeer();
    peer.send(headers(1));
    peer.send(frame(kind.data, bit.padded, 1));
    expect(peer.ending).to.be.oneOf([1, 6]);
  });
});
