import { connect, type Socket } from 'node:net';
import { decodeCheckRequest } from '../data/wire.ts';
import { readWorkload, type WorkloadRequest } from '../data/workload.ts';
import { toLoaderResult } from './loader-result.ts';
import { measuredPhase } from './measured-phase.ts';

/**
 * Calls models over HTTP/1.1 on connections that are kept, one call at a time on each, as the requests of a workload would
 * have come to Envoy. Takes the flags of the kit's loader, prints its lines, and judges the status of every response.
 */
const given = process.argv.slice(2);
const flag = (name: string) => given[given.indexOf(name) + 1] ?? '';
const seconds = (name: string) => Number.parseFloat(flag(name));
const [host = '', port = ''] = flag('-addr').split(':');
const isRight = judge();
/** Envoy closes the connection behind a 400: without those calls, what is measured is connections that are kept. */
const closing = 400;
const calls = readWorkload(flag('-workload'))
  .filter(({ status }) => status !== closing)
  .map(request => ({ status: request.status, bytes: toHttp(request) }));

const latencies: number[] = [];
let [measuring, stopping, mismatches, errors] = [false, false, 0, 0];
let firstFault: string | undefined;

function judge(): (status: number, wanted: number) => boolean {
  if (given.includes('-all-allow')) {
    return status => status === 200;
  }
  return given.includes('-strict')
    ? (status, wanted) => status === wanted
    : (status, wanted) => (status === 200) === (wanted === 200);
}

/** The call that made Envoy ask this: Envoy's own headers are Envoy's to add. */
function toHttp({ message }: WorkloadRequest): Buffer {
  const http = decodeCheckRequest(message).attributes?.request?.http;
  const headers = Object.entries(http?.headers ?? {}).filter(([name]) =>
    /^(accept|authorization|content|user)/.test(name),
  );
  const lines = [
    `POST ${http?.path} HTTP/1.1`,
    `host: ${http?.host}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${http?.body ?? ''}`);
}

function fail(why: string): void {
  firstFault ??= why;
}

/** Sends the next call when the response before is whole. */
function load(socket: Socket, first: number): void {
  let next = first;
  let sentAt = 0;
  let response = '';
  const send = () => {
    sentAt = performance.now();
    socket.write(calls[next % calls.length]?.bytes as Buffer);
  };
  socket.on('data', chunk => {
    response += chunk.toString('latin1');
    const end = response.indexOf('\r\n\r\n');
    const length = end < 0 ? undefined : /\r\ncontent-length: (\d+)/i.exec(response.slice(0, end))?.[1];
    if (length === undefined || response.length < end + 4 + Number(length)) {
      return;
    }
    const status = Number(response.slice(9, 12));
    const wanted = calls[next % calls.length]?.status as number;
    if (!isRight(status, wanted)) {
      mismatches += 1;
      fail(`want ${wanted}, got ${status}: ${response.slice(end + 4)}`);
    }
    if (measuring) {
      latencies.push((performance.now() - sentAt) * 1000);
    }
    next += 1;
    response = '';
    if (!stopping) {
      send();
    }
  });
  socket.once('close', () => {
    if (!stopping) {
      errors += 1;
      fail('Envoy closed a connection');
    }
  });
  send();
}

const sockets = Array.from({ length: Number(flag('-conns')) }, (_, at) => {
  const socket = connect({ host, port: Number(port), noDelay: true });
  socket.on('error', error => fail(error.message));
  socket.once('connect', () => load(socket, at * 97));
  return socket;
});
const used = await measuredPhase(seconds('-warmup'), seconds('-duration'), is => {
  measuring = is;
});
stopping = true;
for (const socket of sockets) {
  socket.destroy();
}
const result = toLoaderResult(latencies, seconds('-duration'), used, { mismatches, errors });
process.stdout.write(`${JSON.stringify(firstFault === undefined ? result : { ...result, first_fault: firstFault })}\n`);
