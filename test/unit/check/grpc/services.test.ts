import type { ServiceDefinition } from '@grpc/grpc-js';
import { expect } from 'chai';
import { ServiceRegistry } from '../../../../src/check/grpc/services.ts';
import { requestFor } from '../../../support/http2/derived-answers.ts';
import { expectAnswer, expectRefusal } from '../../../support/http2/expect-answer.ts';
import {
  bit,
  callBlock,
  check,
  code,
  data,
  headers,
  message,
  none,
  reset,
  setting,
} from '../../../support/http2/frame-bytes.ts';
import { LeanPeer } from '../../../support/http2/lean-peer.ts';

type Callback = (error: { code: number; details: string } | null, value?: Buffer) => void;

/** A unary method that is answered when a test says so, and one that sends each message back so many times. */
function echoes(times = 1) {
  const callbacks: Callback[] = [];
  const services = new ServiceRegistry();
  const method = (path: string, streams: boolean) => ({
    path,
    requestStream: streams,
    responseStream: streams,
    requestSerialize: (value: Buffer) => value,
    responseSerialize: (value: Buffer) => value,
    requestDeserialize: (bytes: Buffer) => {
      if (bytes.toString() === 'unreadable') throw new Error('not a message');
      return bytes;
    },
    responseDeserialize: (bytes: Buffer) => bytes,
  });
  const definition = { Late: method('/echo/Late', false), Each: method('/echo/Each', true) };
  services.addService(
    definition as unknown as ServiceDefinition,
    {
      Late: (_call: unknown, callback: Callback) => callbacks.push(callback),
      Each: (call: {
        on: (event: string, take: (bytes: Buffer) => void) => void;
        write: (bytes: Buffer) => void;
        end: () => void;
      }) => {
        call.on('data', bytes => {
          for (let n = 0; n < times; n += 1) call.write(bytes);
        });
        call.on('end', () => call.end());
      },
    } as never,
  );
  return { services, callbacks };
}

const [late, each] = [callBlock('/echo/Late'), callBlock('/echo/Each')];
const text = (value: string) => message(Buffer.from(value));
const seen = (peer: LeanPeer, stream: number) => peer.view.streams.get(stream)?.data.toString('latin1') ?? '';

describe('gRPC: services of others', () => {
  it('a handler that answers late is written at once, in no turn of its connection', () => {
    const { services, callbacks } = echoes();
    const peer = new LeanPeer({ services });
    peer.send(headers(1, late), data(1, text('one')), headers(3, late), data(3, text('two')));
    callbacks[1]?.({ code: 5, details: 'no such thing' });
    callbacks[0]?.(null, Buffer.from('first'));
    peer.look();
    expect(seen(peer, 1)).to.equal(text('first').toString('latin1'));
    expect(expectRefusal(peer.view, 3, 5)).to.equal('no such thing');
  });

  it('T14 one that answers after its call was reset answers nobody, not the call that came next either', () => {
    const { services, callbacks } = echoes();
    const peer = new LeanPeer({ services });
    peer.send(headers(1, late), data(1, text('one')), reset(1));
    peer.send(headers(3));
    callbacks[0]?.(null, Buffer.from('too late'));
    callbacks[0]?.({ code: 5, details: 'too late' });
    peer.send(data(3, message(requestFor(1, 50))));
    expectAnswer(peer.view, 3, requestFor(1, 50));
    expect(peer.view.streams.has(1)).to.equal(false);
  });

  it('messages of a stream are taken as they come, cut anywhere', () => {
    const bytes = Buffer.concat([text('one'), text(''), text('three')]);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const peer = new LeanPeer({ services: echoes().services });
      peer.send(headers(1, each), data(1, bytes.subarray(0, cut), 0), data(1, bytes.subarray(cut)));
      expect(seen(peer, 1)).to.equal(bytes.toString('latin1'));
      expect(peer.view.streams.get(1)?.ended).to.equal(true);
    }
  });

  it('T17 a message that is compressed, too long or unreadable ends a stream that had begun, as trailers', () => {
    const cases: [Buffer, number][] = [
      [message(Buffer.from('x'), 1, 1), 12],
      [message(none, 4097), 8],
      [text('unreadable'), 13],
    ];
    for (const [bad, status] of cases) {
      const peer = new LeanPeer({ services: echoes().services });
      peer.send(headers(1, each), data(1, Buffer.concat([text('one'), bad, text('three')]), 0));
      expect(seen(peer, 1)).to.equal(text('one').toString('latin1'));
      expect(peer.view.streams.get(1)?.blocks[1]?.[0]).to.deep.equal(['grpc-status', String(status)]);
      peer.send(check(3, requestFor(1, 50)));
      expectAnswer(peer.view, 3, requestFor(1, 50));
    }
  });

  for (const window of [65_535, 2 ** 31 - 1]) {
    it(`T17 answers much larger than their requests end the connection before they fill the memory (window ${window})`, function () {
      this.timeout(120_000);
      const peer = new LeanPeer({ services: echoes(100).services, asks: [[setting.initialWindow, window]] });
      if (window > 65_535) peer.widen(0, window - 65_535);
      peer.socket.hold();
      const before = process.memoryUsage().arrayBuffers;
      peer.send(headers(1, each), ...Array(20).fill(data(1, message(Buffer.alloc(4000, 'x')), 0)));
      peer.send(...Array(20).fill(data(1, message(Buffer.alloc(4000, 'x')), 0)));
      expect(process.memoryUsage().arrayBuffers - before).to.be.below(64 * 1024 * 1024);
      peer.socket.release();
      peer.look();
      expect(peer.ending).to.equal(code.enhanceYourCalm);
    });
  }

  it('T17 a text of an error that repeats a long name fits into a frame', () => {
    const { services, callbacks } = echoes();
    const peer = new LeanPeer({ services });
    peer.send(headers(1, late), data(1, text('one')));
    callbacks[0]?.({ code: 5, details: 'ü'.repeat(100_000) });
    peer.look();
    expectRefusal(peer.view, 1, 5);
  });

  it('a drain ends the streams that would stay open, with status 0', () => {
    const peer = new LeanPeer({ services: echoes().services });
    peer.send(headers(1, each), data(1, text('one'), 0), headers(3, each, bit.endHeaders));
    peer.connection.end();
    peer.look();
    for (const stream of [1, 3]) {
      expect(peer.view.streams.get(stream)?.blocks.flat()).to.deep.include(['grpc-status', '0']);
    }
    expect(peer.socket.ended).to.equal(true);
  });
});
