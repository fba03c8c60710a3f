import { connect, type Socket } from 'node:net';
import { readWorkload } from '../data/workload.ts';
import { toLoaderResult } from '../load/loader-result.ts';
import { measuredPhase } from '../load/measured-phase.ts';
import { flags, frame, grpcMessage, types } from './http2-frames.ts';

/**
 * Sends what the kit's loader would send for each call, and counts a call as answered when as many bytes came back. Takes the
 * kit's flags and prints its lines. It is no quicker than the server that it measures: both echo.
 */
const given = process.argv.slice(2);
const flag = (name: string) => given[given.indexOf(name) + 1] ?? '';
const seconds = (name: string) => Number.parseFloat(flag(name));
const [host = '', port = ''] = flag('-addr').split(':');

/** Headers by their places in a table, as the kit's loader sends them after its first call. */
const headerBytes = 9 + 7;
const calls = readWorkload(flag('-workload')).map(({ message }) =>
  Buffer.concat([Buffer.alloc(headerBytes), frame(types.data, flags.endStream, 1, grpcMessage(message))]),
);
const latencies: number[] = [];
let measuring = false;

function load(socket: Socket, streams: number, first: number): void {
  const waiting: { readonly sentAt: number; readonly bytes: number }[] = [];
  let next = first;
  let received = 0;
  const send = (count: number) => {
    const sentAt = performance.now();
    const batch = Array.from({ length: count }, () => calls[next++ % calls.length] as Buffer);
    waiting.push(...batch.map(({ length }) => ({ sentAt, bytes: length })));
    socket.write(batch.length === 1 ? (batch[0] as Buffer) : Buffer.concat(batch));
  };
  socket.on('data', chunk => {
    received += chunk.length;
    let done = 0;
    for (; waiting[0] && received >= waiting[0].bytes; done += 1) {
      const { sentAt, bytes } = waiting.shift() as (typeof waiting)[number];
      received -= bytes;
      if (measuring) {
        latencies.push((performance.now() - sentAt) * 1000);
      }
    }
    if (done > 0) {
      send(done);
    }
  });
  send(streams);
}

const sockets = Array.from({ length: Number(flag('-conns')) }, (_, at) => {
  const socket = connect({ host, port: Number(port), noDelay: true });
  socket.once('connect', () => load(socket, Number(flag('-c')), at * 97));
  return socket;
});
const used = await measuredPhase(seconds('-warmup'), seconds('-duration'), is => {
  measuring = is;
});
for (const socket of sockets) {
  socket.destroy();
}
const result = toLoaderResult(latencies, seconds('-duration'), used, { mismatches: 0, errors: 0 });
process.stdout.write(`${JSON.stringify(result)}\n`);
