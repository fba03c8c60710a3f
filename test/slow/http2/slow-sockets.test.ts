import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { partialMsMax, streamMsMax, sweepMs } from '../../../src/check/http2/limits/limits.ts';
import { requestFor } from '../../support/http2/derived-answers.ts';
import { check, data, greeting, headers, message, none, reset, setting } from '../../support/http2/frame-bytes.ts';
import { FrameClient } from '../../support/http2/frame-client.ts';
import { mayWaitMs, measureHonest } from '../../support/http2/honest-load.ts';
import { LeanProcess } from '../../support/http2/lean-process.ts';
import { runs } from '../../support/runs.ts';
import { until } from '../../support/until.ts';

/** What a machine may be late by that runs tests, beyond the limits and the time between two looks. */
const lateMs = 10_000;
const growthMibMax = 64;

/** Connections that are opened as they should be, in lots, so that the server accepts them all. */
async function open(server: LeanProcess, count: number, asks: [number, number][] = []): Promise<FrameClient[]> {
  const clients: FrameClient[] = [];
  while (clients.length < count) {
    const lot = Array.from({ length: Math.min(50, count - clients.length) }, () => FrameClient.open(server.port, asks));
    clients.push(...(await Promise.all(lot)));
  }
  return clients;
}

describe('T17 T18 lean transport: peers that keep it waiting', function () {
  this.timeout(300_000);
  let server: LeanProcess;
  before(async function () {
    if (process.platform !== 'linux') this.skip();
    server = await LeanProcess.start();
    await measureHonest(server, () => sleep(2000));
  });
  after(() => server?.end());

  it('2,000 sockets, with half frames or windows of 0: honest clients wait no longer, and the slow are dropped in time', async () => {
    const quiet = await measureHonest(server, () => sleep(3000));
    const half = await open(server, 1000);
    const shut = await open(server, 1000, [[setting.initialWindow, 0]]);
    const begun = performance.now();
    for (const [n, client] of half.entries()) {
      client.send([headers(1).subarray(0, 30), headers(1, none, 0), greeting.subarray(0, 5)][n % 3] as Buffer);
    }
    for (const client of shut) {
      client.send(check(1, requestFor(1, 1000)));
    }
    const slow = await measureHonest(server, () => sleep(3000));
    console.log(`      p99 ${quiet.p99Ms.toFixed(1)} to ${slow.p99Ms.toFixed(1)} ms`);
    expect(slow.p99Ms).to.be.at.most(mayWaitMs(quiet));
    await until(
      'half frames are hung up on',
      () => half.every(({ closed }) => closed),
      partialMsMax + sweepMs + lateMs,
    );
    const hungUpMs = performance.now() - begun;
    const isReset = ({ view }: FrameClient) => view.streams.get(1)?.resetCode === 8;
    await until('answers that nobody takes are dropped', () => shut.every(isReset), streamMsMax + sweepMs + lateMs);
    console.log(
      `      hung up after ${hungUpMs.toFixed(0)} ms, reset after ${(performance.now() - begun).toFixed(0)} ms`,
    );
    for (const client of shut) client.close();
    expect((await server.report()).faults).to.deep.equal([]);
  });

  it('10,000 messages that claim a megabyte and send a byte take little memory, and are dropped in time', async () => {
    const before = server.residentMib();
    const clients = await open(server, 10);
    const streams = Array.from({ length: 1000 }, (_, n) => 2 * n + 1);
    const { peakMib } = await measureHonest(server, async () => {
      for (const client of clients) {
        client.send(
          ...streams.map(id => Buffer.concat([headers(id), data(id, message(Buffer.of(1), 1024 * 1024), 0)])),
        );
      }
      await sleep(5000);
    });
    console.log(`      +${(peakMib - before).toFixed(0)} MiB`);
    expect(peakMib - before).to.be.at.most(growthMibMax);
    const areReset = ({ view }: FrameClient) => streams.every(id => view.streams.get(id)?.resetCode === 8);
    await until('all are reset', () => clients.every(areReset), streamMsMax + sweepMs + lateMs);
    for (const client of clients) {
      client.send(check(2001, requestFor(1, 10)));
      await client.ended(2001);
      client.close();
    }
  });

  it('T15 5,000 checks a second that are cancelled on one connection: no GOAWAY, and the next one is answered', async () => {
    const client = await FrameClient.open(server.port);
    const [perSecond, seconds] = [5000, runs(5)];
    let stream = -1;
    const begun = performance.now();
    await measureHonest(server, async () => {
      for (let sent = 0; sent < perSecond * seconds; await sleep(5)) {
        const parts: Buffer[] = [];
        for (const due = ((performance.now() - begun) / 1000) * perSecond; sent < due; sent += 1) {
          stream += 2;
          parts.push(headers(stream), reset(stream));
        }
        client.send(...parts);
      }
    });
    client.send(check(stream + 2, requestFor(1, 10)));
    await client.ended(stream + 2);
    expect(client.view.goaways).to.deep.equal([]);
    client.close();
  });
});
