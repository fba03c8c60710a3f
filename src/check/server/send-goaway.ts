import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * GOAWAY with the highest stream id: "open no more streams here", without a word on those that are on their way (RFC 9113,
 * 6.8). Length 8, type 7, no flags, stream 0; last stream 2^31-1, no error.
 */
const goaway = Buffer.from([0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0]);

/** Envoy and gRPC clients close a connection as soon as it has no streams left; others are not waited for. */
const closeMsMax = 1000;

/**
 * Tells every client to go elsewhere, and waits for them to have done so; calls are answered all the while.
 *
 * The frame is written past node:http2, between two writes of its own, which end where frames end: after a GOAWAY of its
 * own it drops whatever comes in, and Envoy answers 503 to each check that crossed it on the way (T19).
 */
export async function sayGoodbye(connections: ReadonlySet<Socket>): Promise<void> {
  const closed = [...connections].map(connection => {
    connection.write(goaway);
    return once(connection, 'close');
  });
  const waiting = new AbortController();
  const late = sleep(closeMsMax, undefined, { signal: waiting.signal }).catch(() => undefined);
  await Promise.race([Promise.allSettled(closed), late]);
  waiting.abort();
}
