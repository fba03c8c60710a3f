import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { requestFor } from '../support/http2/derived-answers.ts';
import { type DerivedService, startDerivedService } from '../support/http2/derived-service.ts';
import { expectAnswer } from '../support/http2/expect-answer.ts';
import { bit, check, data, headers, message, setting } from '../support/http2/frame-bytes.ts';
import { FrameClient } from '../support/http2/frame-client.ts';
import { until } from '../support/until.ts';

/** So large that some dozens of them are all that a socket gives at once, and their answers more than a reader may leave waiting. */
const large = (number: number) => Buffer.concat([requestFor(number, 60_000), Buffer.alloc(4000)]);

describe('T18 lean transport: a reader that sleeps', () => {
  let service: DerivedService;
  beforeEach(async () => {
    service = await startDerivedService('lean');
  });
  afterEach(() => service.close(1000));

  it('gets every byte once when it wakes up, and holds nobody else up', async () => {
    const windows = [[setting.initialWindow, 2 ** 30]] as const;
    const [sleeper, other] = await Promise.all([
      FrameClient.open(service.port, windows),
      FrameClient.open(service.port),
    ]);
    sleeper.widen(0, 2 ** 30);
    const streams = Array.from({ length: 400 }, (_, n) => 2 * n + 1);
    sleeper.socket.pause();
    for (const stream of streams) {
      sleeper.send(check(stream, large(stream)));
    }
    // 24 MB of answers: more than kernels keep for a reader, so that the server must stop to read from it.
    for (let before = -1; before !== service.answers.worked; await sleep(50)) {
      before = service.answers.worked;
      const stream = other.view.streams.size * 2 + 1;
      other.send(check(stream, requestFor(stream, 100)));
      await other.ended(stream);
      expectAnswer(other.view, stream, requestFor(stream, 100));
      if (service.answers.worked === before + 1) break;
    }
    expect(service.answers.worked).to.be.below(streams.length);
    sleeper.socket.resume();
    await sleeper.ended(...streams);
    for (const stream of streams) {
      expectAnswer(sleeper.view, stream, large(stream));
    }
    sleeper.close();
    other.close();
  });

  it('and one that hangs up in the middle of its answers takes nothing with it', async () => {
    const other = await FrameClient.open(service.port);
    for (let round = 0; round < 20; round += 1) {
      const client = await FrameClient.open(service.port, [[setting.initialWindow, 1000]]);
      client.send(...Array.from({ length: 50 }, (_, n) => check(2 * n + 1, requestFor(n, 5000))));
      await until('an answer has begun', () => client.view.streams.size > 0);
      client.socket.resetAndDestroy();
      other.send(check(2 * round + 1, requestFor(round, 1000)));
      await other.ended(2 * round + 1);
      expectAnswer(other.view, 2 * round + 1, requestFor(round, 1000));
    }
    expect(service.faults).to.deep.equal([]);
    other.close();
  });
});

describe('T19 lean transport: a drain under load', () => {
  it('says goodbye twice, answers all that crossed it on the way, and loses none', async () => {
    const service = await startDerivedService('lean');
    const clients = await Promise.all(Array.from({ length: 8 }, () => FrameClient.open(service.port)));
    const begun = clients.map(client => {
      client.widen(0, 2 ** 30);
      const last = { stream: -1 };
      client.send(headers(1), data(1, message(requestFor(1, 50)).subarray(0, 4), 0));
      const timer = setInterval(() => {
        // As a client does that has been told to go: nothing new, but what is on its way is.
        if (client.view.goaways.length > 0) {
          clearInterval(timer);
          client.send(data(1, message(requestFor(1, 50)).subarray(4)));
          return;
        }
        last.stream += 4;
        client.send(check(last.stream, requestFor(last.stream, 50)), check(last.stream + 2, requestFor(1, 3000)));
      }, 1);
      return last;
    });
    await sleep(100);
    await service.close(5000);
    await until('all have ended', () => clients.every(({ closed }) => closed));
    for (const [n, { view, fault }] of clients.entries()) {
      expect(fault).to.equal(undefined);
      expectAnswer(view, 1, requestFor(1, 50));
      for (let stream = 3; stream <= (begun[n]?.stream ?? 0); stream += 4) {
        expectAnswer(view, stream, requestFor(stream, 50));
        expectAnswer(view, stream + 2, requestFor(1, 3000));
      }
      expect(view.goaways.map(({ code }) => code)).to.deep.equal([0, 0]);
      expect(view.goaways[0]?.last).to.equal(2 ** 31 - 1);
      expect(view.goaways[1]?.last).to.equal(Math.max(...view.streams.keys()));
    }
  });

  it('resets nothing that is under way at its limit but what never ends', async () => {
    const service = await startDerivedService('lean');
    const client = await FrameClient.open(service.port);
    client.send(check(1, requestFor(1, 10)), headers(3, undefined, bit.endHeaders));
    await client.ended(1);
    const begun = performance.now();
    await service.close(1500);
    expect(performance.now() - begun).to.be.at.least(1400);
    await until('it is hung up on', () => client.closed);
  });
});
