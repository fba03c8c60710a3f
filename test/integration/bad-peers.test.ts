import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { expect } from 'chai';
import type { Certificates } from '../../src/tls/certificates.ts';
import { makeAuthority } from '../support/certificates.ts';
import { badPeers, oddCalls, rightCall } from '../support/http2/bad-peers.ts';
import { requestFor } from '../support/http2/derived-answers.ts';
import { type DerivedService, startDerivedService } from '../support/http2/derived-service.ts';
import { expectAnswer } from '../support/http2/expect-answer.ts';
import { FrameClient } from '../support/http2/frame-client.ts';
import { until } from '../support/until.ts';

/** What became of stream 1 of a peer that sent this, or of its connection. */
async function fateOf(socket: Socket, bytes: Buffer): Promise<string> {
  const client = new FrameClient(socket);
  client.send(bytes);
  const stream = () => client.view.streams.get(1);
  const isOver = () => client.closed || stream()?.ended || stream()?.resetCode !== undefined;
  await until('something becomes of it', isOver);
  client.close();
  if (stream()?.ended !== true) {
    return stream()?.resetCode === undefined ? 'hung up' : 'reset';
  }
  const fields = Object.fromEntries(stream()?.blocks.flat() ?? []);
  return fields['grpc-status'] === undefined ? String(fields[':status']) : `grpc ${fields['grpc-status']}`;
}

async function opened(socket: Socket): Promise<Socket> {
  await once(socket, 'connect');
  return socket;
}

/** The call that the others bend, over a connection that is ready for it. */
async function expectAnswered(socket: Socket, bytes = rightCall): Promise<void> {
  const client = new FrameClient(socket);
  client.send(bytes);
  await client.ended(1);
  expectAnswer(client.view, 1, requestFor(1, 100));
  client.close();
}

describe('T20 lean transport: bad peers', () => {
  let service: DerivedService;
  before(async () => {
    service = await startDerivedService('lean');
  });
  after(() => service.close(100));
  const dial = () => opened(connect(service.port, '127.0.0.1'));

  for (const { what, fate, bytes } of badPeers) {
    it(`one that ${what} gets no answer to its check: ${fate}`, async () => {
      expect(await fateOf(await dial(), bytes)).to.equal(fate);
      expect(service.answers.worked).to.equal(0);
    });
  }

  it('and whoever asks as it should is answered, odd as it may look', async () => {
    for (const [what, bytes] of Object.entries({ ...oddCalls, right: rightCall })) {
      await expectAnswered(await dial(), bytes).catch(fault => expect.fail(`${what}: ${fault.message}`));
    }
    expect(service.faults).to.deep.equal([]);
  });
});

describe('T20 lean transport: bad peers over TLS', () => {
  const [authority, stranger] = [makeAuthority('ours'), makeAuthority('another')];
  const client = authority.issue('envoy');
  let service: DerivedService;
  before(async () => {
    const context = { ...authority.issue('check'), ca: authority.cert };
    const tls = { context, onRenewed: () => undefined } as unknown as Certificates;
    service = await startDerivedService('lean', { tls });
  });
  after(() => service.close(100));

  const right: ConnectionOptions = { ...client, ca: authority.cert, ALPNProtocols: ['h2'], servername: 'localhost' };
  const dial = (options: ConnectionOptions): Socket =>
    connectTls({ port: service.port, host: '127.0.0.1', ...right, ...options });

  const strangers: Readonly<Record<string, ConnectionOptions>> = {
    'without a certificate': { cert: undefined, key: undefined },
    'with a certificate of another CA': stranger.issue('envoy'),
    'with one that has expired': authority.issue('envoy', -1000),
    'that speaks only HTTP/1.1': { ALPNProtocols: ['http/1.1'] },
    'that offers protocols of other times': { ALPNProtocols: ['h2c', 'grpc-exp', 'spdy/3'] },
    'that knows no TLS newer than 1.1': { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' },
  };
  for (const [what, options] of Object.entries(strangers)) {
    it(`one ${what} gets no answer to its check`, async () => {
      expect(await fateOf(dial(options), rightCall)).to.equal('hung up');
      expect(service.answers.worked).to.equal(0);
    });
  }

  it('one in plain text, or with HTTP/1.1 inside, gets no answer to its check', async () => {
    const plain = await opened(connect(service.port, '127.0.0.1'));
    expect(await fateOf(plain, rightCall)).to.equal('hung up');
    expect(await fateOf(dial({}), Buffer.from('GET / HTTP/1.1\r\nhost: m\r\n\r\n'))).to.equal('hung up');
    expect(service.answers.worked).to.equal(0);
  });

  it('and one with a certificate of ours is answered', async () => {
    await expectAnswered(dial({}));
    expect(service.faults).to.deep.equal([]);
  });
});
