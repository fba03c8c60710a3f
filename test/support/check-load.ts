import { setTimeout as sleep } from 'node:timers/promises';
import { checkClient, modelCall } from './check-client.ts';

/**
 * A process of its own that asks for checks so many times a second by the clock, whether answers come or not, and answers each
 * line on standard input with what it measured since the one before: what the asker does holds up none of it.
 */
const [port = '', accessKey = '', bearer = '', perSecond = ''] = process.argv.slice(2);
const client = checkClient(Number(port));
const call = modelCall({ accessKey, bearer });
let times: number[] = [];

process.stdin.on('data', () => {
  const sorted = times.sort((one, two) => one - two);
  times = [];
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  process.stdout.write(`${JSON.stringify({ count: sorted.length, p50: at(0.5), p999: at(0.999), max: at(1) })}\n`);
});
process.stdin.on('end', () => process.exit(0));

const start = performance.now();
for (let sent = 0; ; await sleep(1)) {
  for (; sent < ((performance.now() - start) * Number(perSecond)) / 1000; sent += 1) {
    // From when it should have been sent: a server that is late makes all that wait for it late.
    const due = start + (sent * 1000) / Number(perSecond);
    void client.check(call).then(
      () => times.push(performance.now() - due),
      () => process.exit(1),
    );
  }
}
