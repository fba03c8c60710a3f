import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { attacks, honestWork } from '../../support/http2/attacks.ts';
import { mayWaitMs, measureHonest } from '../../support/http2/honest-load.ts';
import { LeanProcess } from '../../support/http2/lean-process.ts';
import { runs } from '../../support/runs.ts';

/** Of each flood; a minute with a factor of 20 (`npm run test:floods`). */
const floodMs = runs(3000);
/** What honest clients wait without one is seen within this time. */
const quietMs = Math.min(floodMs / 2, 5000);
/** By how much memory may grow: by floods of frames that carry no call (T16), and by calls up to their limits (T17). */
const growthMibMax = 32;
const growthByCallsMibMax = 64;
/** How long an attacker's connection may live (T15). */
const livesMsMax = 1000;
/** Of these the best counts: in the others the machine had something else to do, or the heap came to its size. What leaks grows in each. */
const roundsMax = 3;

describe('floods on the lean transport, by connections that come back when they are cut', function () {
  this.timeout(90_000 + 6 * floodMs);
  let server: LeanProcess;
  before(async function () {
    if (process.platform !== 'linux') this.skip();
    server = await LeanProcess.start();
    // Compiled, and with the heap of a server that has worked: what comes next is the floods' doing.
    await measureHonest(server, () => server.flood(honestWork, 3000));
    console.log(`      ${server.residentMib().toFixed(0)} MiB after honest work`);
  });
  after(() => server?.end());

  /** One round; answers whether the server kept its size, the attacker was cut and honest clients were answered soon enough. */
  async function survives(name: string, isCalls: boolean): Promise<boolean> {
    const quiet = await measureHonest(server, () => sleep(quietMs));
    const begun = server.residentMib();
    let flood = { sent: 0, cut: 0, longestMs: 0 };
    const { p99Ms, peakMib, calls } = await measureHonest(server, async () => {
      flood = await server.flood(name, floodMs);
    });
    const grown = peakMib - begun;
    console.log(
      `      ${flood.sent} frames, ${flood.cut} cut, lived ${flood.longestMs} ms at most;`,
      `p99 ${quiet.p99Ms.toFixed(1)} to ${p99Ms.toFixed(1)} ms, +${grown.toFixed(0)} MiB`,
    );
    expect(calls, 'calls of honest clients').to.be.above(50);
    expect(flood.cut, 'connections that were cut').to.be.at.least(1);
    const isSmall = grown <= (isCalls ? growthByCallsMibMax : growthMibMax);
    return isSmall && flood.longestMs <= livesMsMax && (isCalls || p99Ms <= mayWaitMs(quiet));
  }

  for (const [name, { isCalls = false }] of Object.entries(attacks).filter(([each]) => each !== honestWork)) {
    const row = isCalls ? 'T15 T17' : 'T16';
    it(`${row} ${name}: the server keeps its size, honest clients their answers, and the attacker no connection`, async () => {
      let isFine = false;
      for (let round = 0; round < roundsMax && !isFine; round += 1) {
        isFine = await survives(name, isCalls);
      }
      expect(isFine, `within the limits in one of ${roundsMax} rounds`).to.equal(true);
      expect((await server.report()).faults).to.deep.equal([]);
    });
  }
});
