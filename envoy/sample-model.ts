import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A caller may ask for so much waiting and no more: this is a sample, not a place to park connections. */
const DELAY_MS_MAX = 60_000;
const CHUNKS_MAX = 1_000;

export interface SampleModelOptions {
  name: string;
  host?: string;
  /** 0 takes any free port. */
  port: number;
  /** Told of each request before it is answered. */
  onRequest?: (request: IncomingMessage) => void;
}

export interface SampleModel {
  readonly name: string;
  readonly port: number;
  readonly replicaId: string;
  /** Requests that reached it since it started. */
  calls(): number;
  close(): Promise<void>;
}

/** What the sample answers: what it got, so that a reader sees what Envoy and Modelgate made of the call. */
export interface SampleAnswer {
  success: true;
  ReplicaID: string;
  model: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  bodyBytes: number;
  bodySha256: string;
  response: { echo: string };
}

/**
 * A model that echoes. Headers of the call that steer it: `x-sample-busy: true` (429 `model.busy`), `x-sample-delay-ms`
 * (waits before it answers) and with it `x-sample-chunks` (answers in so many pieces, each after that delay).
 * Rejects when the port can't be had.
 */
export async function startSampleModel({
  name,
  host = '127.0.0.1',
  port,
  onRequest,
}: SampleModelOptions): Promise<SampleModel> {
  const replicaId = `${name}-${randomBytes(3).toString('hex')}`;
  let calls = 0;
  const server = createServer((request, response) => {
    calls += 1;
    onRequest?.(request);
    // A caller that hangs up meanwhile ends its own call and nothing else.
    answer(name, replicaId, request, response).catch(() => response.destroy());
  });
  // Envoy keeps connections longer than Node's 5 s; a call must not meet one that is just closing.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    name,
    port: (server.address() as AddressInfo).port,
    replicaId,
    calls: () => calls,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  name: string,
  replicaId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const hash = createHash('sha256');
  let bodyBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bodyBytes += chunk.length;
    hash.update(chunk);
  }
  response.setHeader('content-type', 'application/json');
  response.setHeader('x-replica-id', replicaId);
  if (request.headers['x-sample-busy'] === 'true') {
    response.statusCode = 429;
    response.end(JSON.stringify({ success: false, errors: { 'model.busy': 'The model is busy, try again later' } }));
    return;
  }
  await paceAnswer(request, response);
  const body: SampleAnswer = {
    success: true,
    ReplicaID: replicaId,
    model: name,
    method: request.method ?? '',
    path: request.url ?? '',
    headers: headersOf(request),
    bodyBytes,
    bodySha256: hash.digest('hex'),
    response: { echo: `${name} read ${bodyBytes} bytes` },
  };
  response.end(JSON.stringify(body));
}

/** Waits as the caller asked. The pieces of a streamed answer are line breaks, so that the whole is still JSON. */
async function paceAnswer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const delayMs = numberIn(request, 'x-sample-delay-ms', DELAY_MS_MAX);
  const chunks = numberIn(request, 'x-sample-chunks', CHUNKS_MAX);
  if (chunks === 0) {
    await sleep(delayMs);
    return;
  }
  for (let sent = 0; sent < chunks && !response.destroyed; sent += 1) {
    response.write('\n');
    await sleep(delayMs);
  }
}

function numberIn(request: IncomingMessage, name: string, max: number): number {
  const value = Number(request.headers[name] ?? 0);
  return Number.isFinite(value) ? Math.min(Math.max(value, 0), max) : 0;
}

/** Repeated headers are joined by commas, so that a second value can't hide. */
function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values]) => [name, values?.join(', ') ?? '']),
  );
}
