import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import { startCheckService } from '../support/check-service.ts';
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
