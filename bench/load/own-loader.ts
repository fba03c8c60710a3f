import { connect } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeCheckResponse } from '../data/wire.ts';
import { readWorkload } from '../data/workload.ts';
import { grpcMessage } from '../floor/http2-frames.ts';
import { toLoaderResult } from './loader-result.ts';
import { measuredPhase } from './measured-phase.ts';

/**
 * What plays requests where there is no kit, over node:http2, in a closed or an open loop. It costs more than a quick server:
 * then its own core is full, and only the server's CPU time per check means anything.
 */
const given = process.argv.slice(2);
const flag = (name: string) => given[given.indexOf(name) + 1] ?? '';
const seconds = (name: string) => Number.parseFloat(flag(name));
const [host = '', port = ''] = flag('-addr').split(':');
const rate = Number(flag('-rate'));
const allAllowed = given.includes('-all-allow');
const calls = readWorkload(flag('-workload')).map(({ status, message }) => ({ status, bytes: grpcMessage(message) }));

const latencies: number[] = [];
let [measuring, stopping, mismatches, errors, next] = [false, false, 0, 0, 0];
let firstFault: string | undefined;

const sessions = Array.from({ length: Number(flag('-conns')) }, () =>
  // Bodies that wait in our own memory count too.
  connect(`http://${host}:${port}`, { maxSessionMemory: 1000 }),
);
const headers = {
  ':method': 'POST',
  ':path': '/envoy.service.auth.v3.Authorization/Check',
  'content-type': 'application/grpc',
  te: 'trailers',
};

function fail(why: string): void {
  firstFault ??= why;
}

/** Asks once; `begun` is when the call should have been sent. */
function ask(session: (typeof sessions)[number], begun: number, done: () => void): void {
  const { status, bytes } = calls[next++ % calls.length] as (typeof calls)[number];
  const stream = session.request(headers);
  const chunks: Buffer[] = [];
  stream.on('data', chunk => chunks.push(chunk));
  stream.once('error', error => {
    errors += stopping ? 0 : 1;
    fail(error.message);
  });
  stream.once('end', () => {
    const answered = statusOf(Buffer.concat(chunks));
    if (answered !== (allAllowed ? 200 : status)) {
      mismatches += 1;
      fail(`want ${status}, got ${answered}`);
    }
    if (measuring) {
      latencies.push((performance.now() - begun) * 1000);
    }
    done();
  });
  stream.end(bytes);
}

function statusOf(answer: Buffer): number {
  const { status, deniedResponse } = decodeCheckResponse(answer.subarray(5));
  return status?.code === 0 ? 200 : (deniedResponse?.status?.code ?? 0);
}

function closedLoop(session: (typeof sessions)[number]): void {
  if (!stopping) {
    ask(session, performance.now(), () => closedLoop(session));
  }
}

async function openLoop(): Promise<void> {
  const begun = performance.now();
  for (let sent = 0; !stopping; await sleep(1)) {
    for (; begun + (sent * 1000) / rate <= performance.now(); sent += 1) {
      ask(sessions[sent % sessions.length] as (typeof sessions)[number], begun + (sent * 1000) / rate, () => undefined);
    }
  }
}

if (rate > 0) {
  void openLoop();
} else {
  for (const session of sessions) {
    for (let stream = 0; stream < Number(flag('-c')); stream += 1) {
      closedLoop(session);
    }
  }
}
const used = await measuredPhase(seconds('-warmup'), seconds('-duration'), is => {
  measuring = is;
});
stopping = true;
for (const session of sessions) {
  session.destroy();
}
const result = toLoaderResult(latencies, seconds('-duration'), used, { mismatches, errors });
process.stdout.write(
  `${JSON.stringify(firstFault === undefined || mismatches + errors === 0 ? result : { ...result, first_fault: firstFault })}\n`,
);
