import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { startCheckService } from '../support/check-service.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { requestFor } from '../support/http2/derived-answers.ts';
import { startDerivedService } from '../support/http2/derived-service.ts';
import { expectAnswer } from '../support/http2/expect-answer.ts';
import { check, frame, kind, setting } from '../support/http2/frame-bytes.ts';
import { FrameClient } from '../support/http2/frame-client.ts';
import {
  endHeaders,
  endStream,
  type Frame,
  frameTypes,
  headerBlock,
  type RawHttp2,
  rawHttp2,
} from '../support/raw-http2.ts';
import { until } from '../support/until.ts';

const anyStream = 2 ** 31 - 1;
const checkHeaders = headerBlock([
  [':method', 'POST'],
  [':scheme', 'http'],
  [':path', '/envoy.service.auth.v3.Authorization/Check'],
  [':authority', 'modelgate'],
  ['content-type', 'application/grpc'],
  ['te', 'trailers'],
]);

function sendCheck({ send }: RawHttp2, stream: number): void {
  send(frameTypes.headers, endHeaders, stream, checkHeaders);
  // One gRPC message, not compressed, of no bytes: a check without a request.
  send(frameTypes.data, endStream, stream, Buffer.alloc(5));
}

const lastStreams = (frames: readonly Frame[]) =>
  frames.filter(({ type }) => type === frameTypes.goaway).map(({ payload }) => payload.readUInt32BE(0));
const isAnswered = (frames: readonly Frame[], id: number) =>
  frames.some(({ type, stream, flags }) => type === frameTypes.headers && stream === id && (flags & endStream) !== 0);

describe('T19 check service: a drain', () => {
  it('answers checks that cross the first GOAWAY on their way, and ends when the client has gone', async () => {
    const service = await startCheckService();
    const client = await rawHttp2(service.port);
    sendCheck(client, 1);
    await until('the first check is answered', () => isAnswered(client.frames, 1));
    const stopped = service.stop();
    await until('the server says goodbye', () => lastStreams(client.frames).length > 0);
    expect(lastStreams(client.frames)).to.deep.equal([anyStream]);
    sendCheck(client, 3);
    sendCheck(client, 5);
    await until('the late checks are answered', () => [3, 5].every(id => isAnswered(client.frames, id)));
    client.close();
    await stopped;
  });

  it('does not wait for ever for a client that stays', async () => {
    const service = await startCheckService();
    const client = await rawHttp2(service.port);
    sendCheck(client, 1);
    await until('the first check is answered', () => isAnswered(client.frames, 1));
    await service.stop();
    await until('the server says that it is over', () => lastStreams(client.frames).includes(1));
    client.close();
  });

  it('ends at its limit although a client reads nothing, not even the end of its connection', async () => {
    const service = await startCheckService();
    const deaf = connect(service.port, '127.0.0.1').on('error', () => undefined);
    await once(deaf, 'connect');
    await service.stop();
    deaf.destroy();
  });
});

/** More than a peer's kernel takes for it, and less than ours does for us: all of it is out of our hands, and a part has not arrived. */
const answerBytes = 60_000;
const lateStreams = Array.from({ length: 14 }, (_, n) => 2 * n + 1);
/** Longer than a connection that a fault has ended may take to close. */
const lateMs = 600;

describe('T19 lean transport: a drain and a client that reads late', () => {
  for (const over of ['TCP', 'a Unix socket']) {
    it(`over ${over}: it loses no answer, although it says something before it reads`, async () => {
      const path = join(dataDirectory(), 'check.sock');
      const service = await startDerivedService('lean', over === 'TCP' ? {} : { address: { socket: path } });
      const client = await FrameClient.open(over === 'TCP' ? service.port : path, [[setting.initialWindow, 1 << 20]]);
      client.widen(0, 1 << 30);
      await until('the windows are open', () => client.view.acknowledged > 0);
      client.socket.pause();
      client.send(...lateStreams.map(id => check(id, requestFor(id, answerBytes))));
      await until('all are answered', () => service.answers.worked === lateStreams.length);
      const closed = service.close(20_000);
      await sleep(lateMs + 1000);
      client.send(frame(kind.ping, 0, 0, Buffer.alloc(8)));
      await sleep(50);
      client.socket.resume();
      await client.ended(...lateStreams);
      for (const id of lateStreams) expectAnswer(client.view, id, requestFor(id, answerBytes));
      await closed;
    }).timeout(60_000);
  }
});
