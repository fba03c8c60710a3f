import { expect } from 'chai';
import { requestFor } from '../support/http2/derived-answers.ts';
import { type DerivedService, startDerivedService } from '../support/http2/derived-service.ts';
import { expectAnswer } from '../support/http2/expect-answer.ts';
import { check, data, headers, message } from '../support/http2/frame-bytes.ts';
import { FrameClient } from '../support/http2/frame-client.ts';
import { until } from '../support/until.ts';

const connectionsMax = 3;

describe('T17 lean transport: as many connections as there may be', () => {
  let service: DerivedService;
  const clients: FrameClient[] = [];
  const open = async () => {
    const client = await FrameClient.open(service.port);
    clients.push(client);
    await until('the server has greeted, or closed', () => client.closed || client.view.acknowledged > 0);
    return client;
  };
  const ask = async (client: FrameClient, stream: number) => {
    client.send(check(stream, requestFor(stream, 100)));
    await client.ended(stream);
    expectAnswer(client.view, stream, requestFor(stream, 100));
  };
  const closed = (client: FrameClient) => until('the connection is closed', () => client.closed);

  beforeEach(async () => {
    service = await startDerivedService('lean', { connectionsMax });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) {
      client.close();
    }
    await service.close(1000);
  });

  it('gives a newcomer the place of who never asked, the first of them first, then of who asked longest ago', async () => {
    const first = await open();
    await ask(first, 1);
    const [silent, later] = [await open(), await open()];
    const second = await open();
    await closed(silent);
    await ask(second, 1);
    const third = await open();
    await closed(later);
    await ask(third, 1);
    await ask(first, 3);
    const fourth = await open();
    await closed(second);
    await ask(fourth, 1);
    await ask(third, 3);
    await ask(first, 5);
    expect(service.faults).to.deep.equal([]);
  });

  it('refuses a newcomer where all have calls under way, which go on', async () => {
    const busy = [await open(), await open(), await open()];
    for (const client of busy) {
      client.send(headers(1));
      client.ask();
      await until('the server has read them', () => client.view.acknowledged > 1);
    }
    await closed(await open());
    for (const client of busy) {
      client.send(data(1, message(requestFor(1, 100))));
      await client.ended(1);
      expectAnswer(client.view, 1, requestFor(1, 100));
    }
  });
});
