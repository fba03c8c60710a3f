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

type Closer = () => Promise<void>;

export interface Drain {
  readonly offer: HandOverOffer | undefined;
  readonly checks: CheckServer;
  readonly drainMs: number;
  readonly log: Log;
}

/** Gives the place to the server that waits for it, or else drains; then closes everything. */
export async function drainAll(parts: Parts, { offer, checks, drainMs, log }: Drain): Promise<void> {
  log.info('draining');
  const release = () => closeAll({ answering: [], keeping: parts.keeping.splice(0) });
  try {
    if (await offer?.handOver({ release, stopListening: checks.stopListening }, drainMs)) {
      log.info('handed over');
    }
  } finally {
    await closeAll(parts);
    await offer?.close();
  }
  log.info('stopped');
}

/** Closes everything even where one part fails; rejects with the first fault at the end. */
export async function closeAll({ answering, keeping }: Parts): Promise<void> {
  const faults: unknown[] = [];
  for (const close of [...answering, ...keeping]) {
    await close().catch(fault => faults.push(fault));
  }
  if (faults.length > 0) {
    throw faults[0];
  }
}
