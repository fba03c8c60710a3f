import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { attacks } from './attacks.ts';
import { greeting, settings } from './frame-bytes.ts';

/** `flood-main PORT ATTACK MILLISECONDS`: attacks by some connections at a time, each opened anew when it is cut. Says how it went. */
const [port, name = '', ms] = process.argv.slice(2);
const attack = attacks[name];
if (attack === undefined) throw new Error(`no such attack: ${name}`);
const together = attack.connections ?? 4;
/** Repeated so often in one write, or up to so many bytes. */
const repeats = 500;
const chunkBytes = 64 * 1024;
/** Before a connection that was cut is opened anew, in milliseconds: the way there and back for a peer that is not on this machine. */
const reopenMs = 20;
const end = performance.now() + Number(ms);
let [sent, cut] = [0, 0];
const livesMs: number[] = [];

async function attackOnce(): Promise<void> {
  const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
  socket.resume();
  const closed = new Promise(resolve => socket.once('close', resolve));
  const begun = performance.now();
  socket.write(Buffer.concat([greeting, settings(), attack?.opening ?? Buffer.alloc(0)]));
  for (let n = 0; !socket.destroyed && performance.now() < end; ) {
    const parts: Buffer[] = [];
    for (let bytes = 0; parts.length < repeats && bytes < chunkBytes; n += 1) {
      const part = attack?.each(n) ?? Buffer.alloc(0);
      bytes += part.length;
      parts.push(part);
    }
    sent += parts.length;
    if (!socket.write(Buffer.concat(parts))) await Promise.race([once(socket, 'drain').catch(() => undefined), closed]);
    else await new Promise(resolve => setImmediate(resolve));
  }
  if (socket.destroyed) {
    cut += 1;
    livesMs.push(performance.now() - begun);
  }
  socket.destroy();
  await closed;
}

await Promise.all(
  Array.from({ length: together }, async () => {
    while (performance.now() < end) {
      await attackOnce();
      await sleep(reopenMs);
    }
  }),
);
const longestMs = Math.round(Math.max(0, ...livesMs));
process.stdout.write(`${JSON.stringify({ sent, cut, longestMs })}\n`);
process.exit();
