import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { expect } from 'chai';
import type { Certificates } from '../../src/tls/certificates.ts';
import { makeAuthority } from '../support/certificates.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { answerFor, requestFor, undecidedRequest } from '../support/http2/derived-answers.ts';
import { type DerivedService, startDerivedService } from '../support/http2/derived-service.ts';
import { checkPath, message } from '../support/http2/frame-bytes.ts';
import { GrpcClient } from '../support/http2/grpc-client.ts';
import { inParallel } from '../support/in-parallel.ts';
import { sendHttp2 } from '../support/send-http2.ts';

/** Of every size that takes another way: empty, within a frame, several frames, beyond the windows. */
const sizes = [0, 1, 100, 16_379, 16_380, 40_000, 65_535];

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

function callHttp2(session: ClientHttp2Session, request: Buffer) {
  const headers = { ':method': 'POST', ':path': checkPath, 'content-type': 'application/grpc', te: 'trailers' };
  return new Promise<{ status: unknown; right: boolean }>((resolve, reject) => {
    const stream = session.request(headers);
    const chunks: Buffer[] = [];
    let status: unknown;
    stream.on('trailers', trailers => {
      status = trailers['grpc-status'];
    });
    stream.on('data', chunk => chunks.push(chunk)).once('error', reject);
    stream.once('close', () => {
      resolve({ status, right: Buffer.concat(chunks).equals(message(answerFor(request))) });
    });
    stream.end(message(request));
  });
}

describe('T14 lean transport: clients of others', () => {
  let service: DerivedService;
  before(async () => {
    service = await startDerivedService('lean');
  });
  after(() => service.close(1000));

  it('grpc-js gets the answer to each of its calls, 64 at a time, of every size', async () => {
    const client = new GrpcClient(`127.0.0.1:${service.port}`);
    await inParallel(numbers(700), 64, async n => {
      const request = requestFor(n, sizes[n % sizes.length] as number);
      expect((await client.call(request)).equals(answerFor(request)), `call ${n}`).to.equal(true);
    });
    client.close();
  });

  it('grpc-js sends requests of a megabyte, and is told of those that are too long', async () => {
    const client = new GrpcClient(`127.0.0.1:${service.port}`);
    const large = Buffer.alloc(1024 * 1024, 1);
    const fault = (error: { code: number }) => error.code;
    const [right, tooLong, beside] = await Promise.all([
      client.call(large),
      client.call(Buffer.alloc(large.length + 1)).catch(fault),
      client.call(requestFor(3, 10)),
    ]);
    expect((right as Buffer).equals(answerFor(large))).to.equal(true);
    expect(tooLong).to.equal(8);
    expect(beside.equals(answerFor(requestFor(3, 10)))).to.equal(true);
    expect(await client.call(undecidedRequest).catch(fault)).to.equal(14);
    expect(await client.call(large, '/x.Y/Z').catch(fault)).to.equal(12);
    client.close();
  });

  it('node:http2 gets the answer to each of its calls, 64 at a time, of every size', async () => {
    const session = connect(`http://127.0.0.1:${service.port}`);
    await inParallel(numbers(700), 64, async n => {
      const answer = await callHttp2(session, requestFor(n, sizes[n % sizes.length] as number));
      expect(answer, `call ${n}`).to.deep.equal({ status: '0', right: true });
    });
    session.close();
  });

  it('node:http2 with windows of 100 bytes and no header table gets the same', async () => {
    const settings = { initialWindowSize: 100, headerTableSize: 0 };
    const session = connect(`http://127.0.0.1:${service.port}`, { settings });
    await inParallel(numbers(40), 8, async n => {
      expect(await callHttp2(session, requestFor(n, 300 * n))).to.deep.equal({ status: '0', right: true });
    });
    session.close();
  });

  it('a call that is no gRPC gets 415 with a sentence', async () => {
    const session = connect(`http://127.0.0.1:${service.port}`);
    const { status, text } = await sendHttp2(session, { ':method': 'GET', ':path': '/' });
    expect([status, text]).to.deep.equal([
      415,
      'This is the check port of Modelgate: it speaks gRPC, with the content type application/grpc.\n',
    ]);
    session.close();
  });

  it('T18 grpc-js with a deadline that has passed gets no answer, and none is worked out', async () => {
    const client = new GrpcClient(`127.0.0.1:${service.port}`);
    await client.call(requestFor(1, 1));
    const before = service.answers.worked;
    const late = await client
      .call(requestFor(1, 1), checkPath, Date.now() - 1)
      .catch((fault: { code: number }) => fault.code);
    expect([late, service.answers.worked]).to.deep.equal([4, before]);
    client.close();
  });

  it('HTTP/1.1 is hung up on', async () => {
    const socket = connectTcp(service.port, '127.0.0.1');
    socket.end('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
  });
});

describe('T20 lean transport: TLS and sockets', () => {
  const authority = makeAuthority('ca');
  const { cert, key } = authority.issue('check');
  const tls = { context: { cert, key, ca: authority.cert }, onRenewed: () => undefined } as unknown as Certificates;

  it('over TLS with ALPN and a client certificate, grpc-js gets its answers, of every size', async () => {
    const service = await startDerivedService('lean', { tls });
    const shown = authority.issue('envoy');
    const channel = credentials.createSsl(Buffer.from(authority.cert), Buffer.from(shown.key), Buffer.from(shown.cert));
    const client = new GrpcClient(`127.0.0.1:${service.port}`, channel);
    await inParallel(numbers(200), 32, async n => {
      const request = requestFor(n, sizes[n % sizes.length] as number);
      expect((await client.call(request)).equals(answerFor(request)), `call ${n}`).to.equal(true);
    });
    client.close();
    await service.close(1000);
  });

  it('over TLS without one, or in plain text, nobody is answered', async () => {
    const service = await startDerivedService('lean', { tls });
    const strangers = [credentials.createSsl(Buffer.from(authority.cert)), credentials.createInsecure()];
    for (const channel of strangers) {
      const client = new GrpcClient(`127.0.0.1:${service.port}`, channel);
      const fault = await client.call(requestFor(1, 1)).catch((error: { code: number }) => error.code);
      expect(fault).to.equal(14);
      client.close();
    }
    expect(service.answers.worked).to.equal(0);
    await service.close(1000);
  });

  it('over a Unix socket grpc-js gets its answers', async () => {
    const socket = join(dataDirectory(), 'check.sock');
    const service = await startDerivedService('lean', { address: { socket } });
    const client = new GrpcClient(`unix:${socket}`);
    await inParallel(numbers(200), 32, async n => {
      const request = requestFor(n, sizes[n % sizes.length] as number);
      expect((await client.call(request)).equals(answerFor(request)), `call ${n}`).to.equal(true);
    });
    client.close();
    await service.close(1000);
  });
});
