import { expect } from 'chai';
import {
  continuationsMax,
  controlFramesBurst,
  faultsBurst,
  headerListBytesMax,
  resetsBurst,
  resetsPerSecond,
  settingsMax,
  streamsMax,
} from '../../../../src/check/http2/limits/limits.ts';
import { requestFor } from '../../../support/http2/derived-answers.ts';
import { expectAnswer } from '../../../support/http2/expect-answer.ts';
import {
  bit,
  callBlock,
  check,
  checkPath,
  code,
  data,
  frame,
  headers,
  kind,
  message,
  none,
  padded,
  reset,
  setting,
  settings,
  windowUpdate,
} from '../../../support/http2/frame-bytes.ts';
import { LeanPeer } from '../../../support/http2/lean-peer.ts';

const request = requestFor(1, 100);

/** Sends such bytes until the connection is ended; answers how often, and the error. */
function flood(peer: LeanPeer, make: (n: number) => Buffer, atMost = 50_000) {
  let sent = 0;
  for (; peer.ending === undefined && sent < atMost; sent += 1) {
    peer.send(make(sent));
  }
  return { sent, ending: peer.ending };
}

describe('T16 http2: floods of frames that carry no request', () => {
  const kinds: Record<string, (n: number) => Buffer> = {
    PING: () => frame(kind.ping, 0, 0, Buffer.alloc(8)),
    SETTINGS: n => settings([setting.initialWindow, 1000 + (n % 2)]),
    'acknowledged SETTINGS': () => frame(kind.settings, bit.ack, 0),
    'WINDOW_UPDATE of the connection': () => windowUpdate(0, 1),
    'WINDOW_UPDATE of a stream': () => windowUpdate(1, 1),
    PRIORITY: () => frame(kind.priority, 0, 1, Buffer.from([0, 0, 0, 3, 1])),
    'empty DATA': () => data(1, none, 0),
    'DATA of padding only': () => data(1, padded(none, 3), bit.padded),
    'unknown frames': () => frame(77, 0, 1, Buffer.alloc(8)),
  };
  for (const [title, make] of Object.entries(kinds)) {
    it(`${title}: ended with ENHANCE_YOUR_CALM`, () => {
      const peer = new LeanPeer();
      peer.send(headers(1));
      const { sent, ending } = flood(peer, make);
      expect(ending).to.equal(code.enhanceYourCalm);
      expect(sent).to.be.within(controlFramesBurst - 10, controlFramesBurst + 10);
    });
  }

  it('a hundred a second go on, and more where answers come with them', () => {
    const peer = new LeanPeer();
    for (let n = 0; n < 5000; n += 1) {
      peer.now += 10;
      peer.send(windowUpdate(0, 200), frame(kind.ping, 0, 0, Buffer.alloc(8)), check(2 * n + 1, request));
      peer.view.widen(0, 200);
    }
    expect(peer.ending).to.equal(undefined);
  });

  it('CONTINUATION: more frames than any honest block, or more bytes, end the connection', () => {
    const many = new LeanPeer();
    many.send(headers(1, none, 0));
    const { sent } = flood(many, () => frame(kind.continuation, 0, 1, none));
    expect([sent, many.ending]).to.deep.equal([continuationsMax, code.enhanceYourCalm]);
    const large = new LeanPeer();
    large.send(headers(1, Buffer.alloc(9000), 0));
    expect(flood(large, () => frame(kind.continuation, 0, 1, Buffer.alloc(9000))).sent).to.equal(1);
  });

  it('any other frame within a header block ends the connection', () => {
    for (const between of [data(1, none, 0), headers(3), frame(kind.continuation, 0, 3), settings(), reset(1)]) {
      const peer = new LeanPeer();
      peer.send(headers(1, none, 0), between);
      expect(peer.ending).to.equal(code.protocol);
    }
  });
});

describe('T16 http2: header lists', () => {
  const filler = (bytes: number) => {
    const fields: [string, string][] = [];
    for (let left = bytes; left > 0; left -= 133) {
      fields.push(['x', 'y'.repeat(Math.max(0, Math.min(100, left - 33)))]);
    }
    return fields;
  };
  const size = (fields: readonly (readonly [string, string])[]) =>
    fields.reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0);
  const base = size([
    [':method', 'POST'],
    [':scheme', 'http'],
    [':path', checkPath],
    [':authority', 'modelgate'],
    ['content-type', 'application/grpc'],
    ['te', 'trailers'],
  ]);

  it('of 16 KiB are taken, and one byte more is refused with the next call answered', () => {
    const peer = new LeanPeer();
    const exact = filler(headerListBytesMax - base);
    expect(base + size(exact)).to.equal(headerListBytesMax);
    peer.send(headers(1, callBlock(checkPath, exact)), data(1, message(request)));
    expectAnswer(peer.view, 1, request);
    peer.send(
      headers(3, callBlock(checkPath, [...exact.slice(1), ['xx', 'y'.repeat(100)]])),
      data(3, message(request)),
    );
    expect(peer.view.streams.get(3)?.resetCode).to.equal(code.protocol);
    peer.send(check(5, request));
    expectAnswer(peer.view, 5, request);
  });

  it('a bomb of indexes ends its connection, and is not even read to its end', () => {
    const peer = new LeanPeer();
    const entry = Buffer.concat([Buffer.from([0x40, 1, 0x78, 0x7f, 0x81, 0x1e]), Buffer.alloc(3968, 'y')]);
    // What is behind it is no header block at all, and would be another error.
    const bomb = Buffer.concat([entry, Buffer.alloc(100, 0xbe), Buffer.of(0x80)]);
    peer.send(headers(1, bomb));
    expect(peer.ending).to.equal(code.enhanceYourCalm);
  });

  it('lists that are too long, time and again, end their connection', () => {
    const long = callBlock(checkPath, filler(headerListBytesMax));
    const { sent, ending } = flood(new LeanPeer(), n => headers(2 * n + 1, long));
    expect([sent, ending]).to.deep.equal([faultsBurst + 1, code.enhanceYourCalm]);
  });

  it('SETTINGS of more values than there are end their connection', () => {
    const peer = new LeanPeer();
    peer.ask(...Array.from({ length: settingsMax }, () => [setting.initialWindow, 9] as const));
    expect(peer.ending).to.equal(undefined);
    peer.ask(...Array.from({ length: settingsMax + 1 }, () => [setting.initialWindow, 9] as const));
    expect(peer.ending).to.equal(code.enhanceYourCalm);
  });
});

describe('T15 http2: resets', () => {
  it('thousands a second by honest clients go on for ever', () => {
    const peer = new LeanPeer();
    for (let n = 0; n < 60_000; n += 1) {
      peer.now += 0.2;
      peer.send(headers(2 * n + 1), reset(2 * n + 1));
    }
    expect(peer.ending).to.equal(undefined);
    expect(peer.answers.worked).to.equal(0);
  });

  it('a flood of them ends the connection within a second', () => {
    const peer = new LeanPeer();
    const { sent, ending } = flood(peer, n => Buffer.concat([headers(2 * n + 1), reset(2 * n + 1)]));
    expect(ending).to.equal(code.enhanceYourCalm);
    expect(sent).to.be.at.most(resetsBurst + resetsPerSecond);
  });

  const faults: Record<string, (n: number) => Buffer> = {
    'malformed requests': n => headers(2 * n + 1, callBlock('')),
    'a window of 0 more': n => Buffer.concat([headers(2 * n + 1), windowUpdate(2 * n + 1, 0)]),
    'a window too large': n => Buffer.concat([headers(2 * n + 1), windowUpdate(2 * n + 1, 2 ** 31 - 1)]),
    'DATA behind the end': n => Buffer.concat([check(2 * n + 1, request), data(2 * n + 1, none)]),
    'a dependency on itself': n =>
      Buffer.concat([
        headers(2 * n + 1),
        frame(kind.priority, 0, 2 * n + 1, Buffer.from([0, 0, (n >> 7) & 255, (2 * n + 1) & 255, 1])),
      ]),
    'a body longer than was announced': n =>
      Buffer.concat([
        headers(2 * n + 1, callBlock(checkPath, [['content-length', '3']])),
        data(2 * n + 1, message(request)),
      ]),
  };
  for (const [title, make] of Object.entries(faults)) {
    it(`that a client brings about by ${title} end its connection after ${faultsBurst}`, () => {
      const { sent, ending } = flood(new LeanPeer(), make);
      expect([sent, ending]).to.deep.equal([faultsBurst + 1, code.enhanceYourCalm]);
    });
  }

  it(`of streams beyond ${streamsMax} are refused, honest ones too, and a flood of them ends the connection`, () => {
    const peer = new LeanPeer();
    const { sent, ending } = flood(peer, n => headers(2 * n + 1));
    expect(peer.view.streams.get(2 * streamsMax + 1)?.resetCode).to.equal(code.refused);
    expect([sent, ending]).to.deep.equal([streamsMax + resetsBurst + 1, code.enhanceYourCalm]);
  });
});

describe('T14 http2: streams that nobody has opened', () => {
  const said: Record<string, (stream: number) => Buffer> = {
    DATA: stream => data(stream, none, 0),
    RST_STREAM: stream => reset(stream),
    WINDOW_UPDATE: stream => windowUpdate(stream, 1),
    'PRIORITY of a wrong length': stream => frame(kind.priority, 0, stream, Buffer.of(0)),
  };
  for (const [title, make] of Object.entries(said)) {
    it(`${title} on an even one, or one above the last, ends the connection without a word on that stream`, () => {
      for (const stream of [2, 4, 7]) {
        const peer = new LeanPeer();
        peer.send(check(5, request), make(stream));
        expect(peer.ending).to.be.oneOf([code.protocol, code.frameSize]);
        expect([...peer.view.streams.keys()]).to.deep.equal([5]);
      }
    });
  }
});
