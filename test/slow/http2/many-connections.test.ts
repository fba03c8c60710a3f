import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { requestFor } from '../../support/http2/derived-answers.ts';
import { check, greeting, headers, setting, settings, windowUpdate } from '../../support/http2/frame-bytes.ts';
import { measureHonest } from '../../support/http2/honest-load.ts';
import { LeanProcess } from '../../support/http2/lean-process.ts';

const answerBytes = 64_000;
/** What may wait on all connections, what each may have beside, and what comes in one turn. */
const growthMibMax = 320;
/** Connections, and answers that each asks for and does not take: by itself none is above the limits of one. */
const ways = [
  { connections: 2000, answers: 4, window: 0 },
  { connections: 200, answers: 120, window: 0 },
  { connections: 500, answers: 120, window: 2 ** 30 },
] as const;

/** Asks for answers that it does not let come, or does not read. */
async function leaveLying(port: number, answers: number, window: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  const asks = Array.from({ length: answers }, (_, n) => check(2 * n + 1, requestFor(n, answerBytes)));
  socket.write(Buffer.concat([greeting, settings([setting.initialWindow, window]), windowUpdate(0, 2 ** 30), ...asks]));
  return window === 0 ? socket.resume() : socket.pause();
}

describe('T17 T18 lean transport: what many connections leave lying, each within the limits of one', function () {
  this.timeout(120_000);
  let server: LeanProcess;
  beforeEach(async function () {
    if (process.platform !== 'linux') this.skip();
    server = await LeanProcess.start();
    await measureHonest(server, () => sleep(1000));
  });
  afterEach(() => server?.end());

  async function expectSmall(connections: number, open: () => Promise<Socket>): Promise<void> {
    const before = server.residentMib();
    const sockets: Socket[] = [];
    const { peakMib, calls } = await measureHonest(server, async () => {
      while (sockets.length < connections) {
        sockets.push(...(await Promise.all(Array.from({ length: 50 }, open))));
      }
      await sleep(3000);
    });
    const grown = peakMib - before;
    console.log(`      +${grown.toFixed(0)} MiB, ${calls} calls of honest clients`);
    for (const socket of sockets) socket.destroy();
    expect(grown).to.be.at.most(growthMibMax);
    expect(calls).to.be.above(0);
    expect((await server.report()).faults).to.deep.equal([]);
  }

  for (const { connections, answers, window } of ways) {
    const mib = Math.round((connections * answers * answerBytes) / 2 ** 20);
    it(`${mib} MiB of answers on ${connections} connections with windows of ${window} take far less memory`, () =>
      expectSmall(connections, () => leaveLying(server.port, answers, window)));
  }

  it('a million open streams on 250 connections take far less memory than they would', () => {
    const opened = Buffer.concat(Array.from({ length: 4000 }, (_, n) => headers(2 * n + 1)));
    return expectSmall(250, async () => {
      const socket = await leaveLying(server.port, 0, 0);
      socket.write(opened);
      return socket;
    });
  });
});
