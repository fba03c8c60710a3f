import { request as askHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as askHttps } from 'node:https';
import { isLinkLocal, linkLocalFault, lookupElsewhere } from './link-local.ts';

/** Time for a call and its whole answer, in milliseconds: a model may think for a while, a person waits no longer. */
const callMsMax = 30_000;
/** Bytes of an answer that are read: enough to find a replica's name in it, little to parse beside checks. */
const bodyBytesMax = 256 * 1024;
/** Bytes of an answer's headers. */
const headerBytesMax = 16 * 1024;

export interface GatewayCall {
  /** As the setting holds it: http or https, without user, query and fragment. */
  readonly gatewayUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Absent: the limit above. */
  readonly limitMs?: number;
}

export interface GatewayAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Whether it went on beyond the limit of bytes or time. */
  readonly isTruncated: boolean;
}

/** Why no answer came: the code of the fault, or that it took too long. */
export interface GatewayFault {
  readonly fault: string;
  readonly isLate: boolean;
}

/**
 * One POST of `/model` to the gateway on a connection of its own. The target comes from the setting alone; redirects are
 * answers like any other, no name leads to a link-local address, proxies of the environment are not asked, and time and size are bounded (T32). Never rejects.
 */
export async function callGateway(call: GatewayCall): Promise<GatewayAnswer | GatewayFault> {
  const { limitMs = callMsMax } = call;
  let sent: ClientRequest | undefined;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    sent?.destroy();
  }, limitMs);
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      sent = open(call, resolve);
      sent.once('error', reject);
      // A connection may end without a fault: after an upgrade that nobody asked for, for one.
      sent.once('close', () => reject(new Error('closed without an answer')));
      // Whatever becomes of it once the answer has begun, its body tells.
      sent.on('error', () => undefined);
      sent.end(call.body);
    });
    const { body, isTruncated } = await readBody(response);
    return { status: response.statusCode ?? 0, headers: response.headers, body, isTruncated };
  } catch (fault) {
    return { fault: (fault as NodeJS.ErrnoException).code ?? 'no answer', isLate };
  } finally {
    clearTimeout(timer);
    sent?.destroy();
  }
}

function open({ gatewayUrl, headers, body }: GatewayCall, onResponse: (response: IncomingMessage) => void) {
  const url = new URL(`${gatewayUrl.replace(/\/+$/, '')}/model`);
  if (isLinkLocal(url.hostname)) {
    throw linkLocalFault();
  }
  const options = {
    method: 'POST',
    agent: false,
    lookup: lookupElsewhere,
    maxHeaderSize: headerBytesMax,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'accept-encoding': 'identity',
      'user-agent': 'modelgate-test',
      ...headers,
    },
  } as const;
  // Said here, so that NODE_TLS_REJECT_UNAUTHORIZED can't hand a key to whoever answers.
  return url.protocol === 'https:'
    ? askHttps(url, { ...options, rejectUnauthorized: true }, onResponse)
    : askHttp(url, options, onResponse);
}

/** As much of the body as is allowed; what breaks off in between is what came until then. */
async function readBody(response: IncomingMessage): Promise<Pick<GatewayAnswer, 'body' | 'isTruncated'>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > bodyBytesMax) break;
    }
  } catch {
    return { body: textOf(chunks), isTruncated: true };
  }
  return { body: textOf(chunks), isTruncated: bytes > bodyBytesMax || !response.complete };
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).subarray(0, bodyBytesMax).toString('utf8');
}
