import { request as askHttp, type IncomingMessage } from 'node:http';
import { request as askHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import { Refusal } from '../cli-error.ts';

/** The server that was chosen. */
export interface ChosenServer {
  /** URL without a slash at its end. */
  readonly server: string;
  /** Certificates of the CAs that the server's may come from, in PEM; undefined: those that Node.js trusts. */
  readonly ca: string | undefined;
}

export interface Question extends ChosenServer {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the server's root, with its query. */
  readonly path: string;
  /** A Bearer credential; absent: none is sent. */
  readonly bearer?: string | undefined;
  /** Sent as JSON; absent: no body. */
  readonly body?: unknown;
  /** Longest wait in milliseconds; absent: as long as the connection says something now and then. */
  readonly timeoutMs?: number;
}

export interface Answer {
  readonly status: number;
  /** The parsed body; undefined: there is none, or it is no JSON. */
  readonly body: unknown;
  /** Of a write: the revision that it became. */
  readonly revision: string | undefined;
  /** Seconds to wait before the next try; undefined: the server says nothing of it. */
  readonly retryAfter: number | undefined;
}

/** Faults that come before anything is sent, so that nothing can have been done. */
const neverSent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];
/** What OpenSSL says of a certificate that leads to no trusted CA, has ended, or is another server's. */
const distrust = /CERT|UNABLE_TO_VERIFY|UNABLE_TO_GET/;
/** A server that is silent for so long, in milliseconds, will say nothing more; an import takes a while. */
const silenceMsMax = 300_000;

/** An answer whose body is bytes of this type, as they come; or any other, in whole. */
export interface Download extends Answer {
  readonly bytes?: { readonly content: AsyncIterable<Buffer>; readonly size: number };
}

/** One request and its answer, whatever its status; redirects are not followed. Rejects with a Refusal where there is no answer. */
export async function exchange(question: Question): Promise<Answer> {
  return download(question, '');
}

/** The same, where a success may be bytes of a type. Their reading throws where the connection ends before them. */
export async function download(question: Question, type: string): Promise<Download> {
  try {
    const response = await ask(question);
    if (response.statusCode === 200 && response.headers['content-type'] === type) {
      const bytes = { content: response, size: Number(response.headers['content-length']) };
      return { status: 200, body: {}, revision: undefined, retryAfter: undefined, bytes };
    }
    const revision = response.headers['x-modelgate-revision']?.toString();
    const after = Number(response.headers['retry-after']);
    const retryAfter = Number.isInteger(after) && after > 0 ? after : undefined;
    return { status: response.statusCode ?? 0, body: parsed(await text(response)), revision, retryAfter };
  } catch (fault) {
    throw unanswered(question, fault as NodeJS.ErrnoException);
  }
}

function ask({ server, method, path, bearer, body, ca, timeoutMs }: Question): Promise<IncomingMessage> {
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    accept: 'application/json',
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    ...(sent === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) }),
  };
  const options = {
    method,
    headers,
    timeout: silenceMsMax,
    ...(timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) }),
  };
  return new Promise((resolve, reject) => {
    const url = new URL(server + path);
    const request =
      url.protocol === 'https:'
        ? // Said here, so that NODE_TLS_REJECT_UNAUTHORIZED can't hand the key to whoever answers.
          askHttps(url, { ...options, rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) }, resolve)
        : askHttp(url, options, resolve);
    request.once('error', reject);
    request.once('timeout', () => request.destroy(Object.assign(new Error(), { name: 'TimeoutError' })));
    request.end(sent);
  });
}

/** Why there is no connection, in words. */
const silence: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: 'no name server answers',
  EHOSTUNREACH: 'there is no way to this host',
  ENETUNREACH: 'there is no way to this network',
  ETIMEDOUT: 'no answer in time',
  ECONNRESET: 'the connection was cut off',
  EPIPE: 'the connection was cut off',
};

/** Somebody answers there, in another protocol; undefined: that is not known. */
function wrongScheme(code: string, server: string): string | undefined {
  if (/^(EPROTO|ERR_SSL_.*)$/.test(code)) {
    return 'speaks no TLS: write http:// if it is the admin port of a server without a certificate';
  }
  if (code.startsWith('HPE_')) {
    return 'speaks no HTTP/1: the admin port is another one (9192 unless told) than that of checks';
  }
  return code === 'ECONNRESET' && server.startsWith('http:')
    ? 'cut the connection off: write https:// if it has a certificate'
    : undefined;
}

function unsureOf(method: Question['method'], code: string): string[] {
  const isUnsure = method !== 'GET' && !neverSent.includes(code);
  return isUnsure ? ['the request may have been carried out all the same: look before you repeat it'] : [];
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function unanswered({ server, method }: Question, fault: NodeJS.ErrnoException): Refusal {
  const code = fault.code ?? fault.message;
  if (distrust.test(code)) {
    return new Refusal(
      `${server} can't be trusted (${code}): give the certificate of its CA by --ca-file (MODELGATE_CA_FILE), or name the server as its certificate does`,
    );
  }
  const wrongly = wrongScheme(code, server);
  if (wrongly !== undefined) {
    return new Refusal(`${server} ${wrongly}: see --server (MODELGATE_SERVER)`, unsureOf(method, code));
  }
  const isLate = [fault.name, (fault.cause as Error | undefined)?.name].includes('TimeoutError');
  const refusal = `${server} can't be reached (${isLate ? 'no answer in time' : (silence[code] ?? code)})`;
  return new Refusal(
    `${refusal}: start \`modelgate serve\` there, or name another server with --server (MODELGATE_SERVER)`,
    unsureOf(method, code),
  );
}
