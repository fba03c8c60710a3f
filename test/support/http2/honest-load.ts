import { setTimeout as sleep } from 'node:timers/promises';
import { requestFor } from './derived-answers.ts';
import { expectAnswer } from './expect-answer.ts';
import { check } from './frame-bytes.ts';
import { FrameClient } from './frame-client.ts';
import type { LeanProcess } from './lean-process.ts';

export interface Measured {
  readonly calls: number;
  readonly p99Ms: number;
  /** The most memory that the server had meanwhile. */
  readonly peakMib: number;
}

/** Between two calls of a client. */
const pauseMs = 4;
const clients = 4;

/** Calls of honest clients while something else goes on; each of them must get its own answer. */
export async function measureHonest(server: LeanProcess, during: () => Promise<unknown>): Promise<Measured> {
  const times: number[] = [];
  let running = true;
  let peakMib = server.residentMib();
  const work = async (client: FrameClient) => {
    for (let stream = 1; running; stream += 2) {
      client.widen(0, 105);
      const begun = performance.now();
      client.send(check(stream, requestFor(stream, 100)));
      while (client.view.streams.get(stream)?.ended !== true) {
        if (client.closed) throw client.fault ?? new Error('an honest client was hung up on');
        await client.news();
      }
      times.push(performance.now() - begun);
      expectAnswer(client.view, stream, requestFor(stream, 100));
      client.view.streams.delete(stream);
      peakMib = Math.max(peakMib, server.residentMib());
      await sleep(pauseMs);
    }
    client.close();
  };
  const opened = await Promise.all(Array.from({ length: clients }, () => FrameClient.open(server.port)));
  const working = Promise.all(opened.map(work));
  await Promise.race([during(), working]);
  running = false;
  await working;
  times.sort((one, two) => one - two);
  return { calls: times.length, p99Ms: times[Math.floor(times.length * 0.99)] ?? Number.POSITIVE_INFINITY, peakMib };
}

/**
 * What honest clients may wait under an attack: twice what they wait without, and as long as a machine with two cores may
 * leave one of three busy processes without either, which says nothing of the server.
 */
export function mayWaitMs(quiet: Measured): number {
  return 2 * quiet.p99Ms + 10;
}
