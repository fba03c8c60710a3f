import type { CheckServer } from '../check/server/check-server.ts';
import type { HandOverOffer } from '../hand-over/offer-hand-over.ts';
import type { Log } from '../log/log.ts';

/** What is closed at the end, the first of each list first. */
export interface Parts {
  /** What answers checks: from memory, so it can go on without the rest while another server takes the store. */
  readonly answering: Closer[];
  /** What writes, and the store. */
  readonly keeping: Closer[];
}

/** Told how long it may wait for calls that are under way, in milliseconds. */
type Closer = (limitMs: number) => Promise<void>;

export interface Drain {
  readonly offer: HandOverOffer | undefined;
  readonly checks: CheckServer;
  /** How long the hand-over and the drain may last together. */
  readonly drainMs: number;
  readonly log: Log;
}

/**
 * What the hand-over leaves of the limit to the drain at least, in milliseconds, where the other server is late: time for clients to
 * read their last answers. Of a short limit, a quarter.
 */
const lastAnswersMs = 1000;

/** Gives the place to the server that waits for it, or else drains; then closes everything. */
export async function drainAll(parts: Parts, { offer, checks, drainMs, log }: Drain): Promise<void> {
  log.info('draining');
  const end = performance.now() + drainMs;
  const left = () => Math.max(0, end - performance.now());
  const release = () => closeAll({ answering: [], keeping: parts.keeping.splice(0) }, left);
  const handOverMs = drainMs - Math.min(lastAnswersMs, drainMs / 4);
  try {
    if (await offer?.handOver({ release, stopListening: checks.stopListening }, handOverMs)) {
      log.info('handed over');
    }
  } finally {
    await closeAll(parts, left);
    await offer?.close();
  }
  log.info('stopped');
}

/** Closes everything even where one part fails, each within what is left of the limit; rejects with the first fault at the end. */
export async function closeAll({ answering, keeping }: Parts, leftMs: () => number): Promise<void> {
  const faults: unknown[] = [];
  for (const close of [...answering, ...keeping]) {
    await close(leftMs()).catch(fault => faults.push(fault));
  }
  if (faults.length > 0) {
    throw faults[0];
  }
}
