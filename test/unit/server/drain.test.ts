import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import type { CheckServer } from '../../../src/check/server/check-server.ts';
import { offerHandOver } from '../../../src/hand-over/offer-hand-over.ts';
import { createLog } from '../../../src/log/log.ts';
import { drainAll } from '../../../src/server/drain.ts';
import { dataDirectory } from '../../support/data-directory.ts';

const log = createLog('info', { write: () => undefined });
const checks = { stopListening: () => undefined } as CheckServer;

/** What a part that answers is told of its limit, at the end of a server with a limit of `drainMs`. */
async function limitOf(drainMs: number, waits: boolean): Promise<number> {
  const data = dataDirectory();
  const offer = await offerHandOver(data);
  const silent = connect(join(data, 'hand-over.sock'));
  await once(silent, 'data');
  if (!waits) {
    silent.destroy();
    await once(silent, 'close');
  }
  const limits: number[] = [];
  const answering = [async (limitMs: number) => void limits.push(limitMs)];
  await drainAll({ answering, keeping: [] }, { offer, checks, drainMs, log });
  silent.destroy();
  return limits[0] ?? Number.NaN;
}

describe('B22 T19 the limit of a drain', () => {
  it('is one for the hand-over and the drain: what the first one took is not given to the second', async () => {
    // A timer of 300 ms may be a moment early by the other clock.
    expect(await limitOf(400, true)).to.be.within(0, 110);
  });

  it('is all for the drain where nobody takes the place', async () => {
    expect(await limitOf(60_000, false)).to.be.within(30_000, 60_000);
  });

  it('is none where it is 0', async () => {
    expect(await limitOf(0, true)).to.equal(0);
  });
});
