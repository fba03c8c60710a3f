import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below those that Linux gives to connections and to port 0, so that nothing gets one of them without asking for it. */
const first = 20_000;
const end = 32_768;

/** The newest of those that were answered, oldest first. */
const given: number[] = [];
const givenMax = 1000;

/**
 * A port of loopback where nothing listens now, and none that was answered lately. Another process may take it at any time:
 * give port 0 wherever that works.
 */
export async function freePort(): Promise<number> {
  const port = randomInt(first, end);
  if (given.includes(port)) return freePort();
  given.push(port);
  if (given.length > givenMax) given.shift();
  const probe = createServer();
  try {
    probe.listen(port, '127.0.0.1');
    await once(probe, 'listening');
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'EADDRINUSE') return freePort();
    throw fault;
  }
  probe.close();
  await once(probe, 'close');
  return port;
}
