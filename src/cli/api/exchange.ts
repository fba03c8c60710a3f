import { Refusal } from '../cli-error.ts';

export interface Question {
  readonly server: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** From the server's root, with its query. */
  readonly path: string;
  /** A Bearer credential; absent: none is sent. */
  readonly bearer?: string | undefined;
  /** Sent as JSON; absent: no body. */
  readonly body?: unknown;
  /** Longest wait in milliseconds; absent: as long as fetch waits. */
  readonly timeoutMs?: number;
}

export interface Answer {
  readonly status: number;
  /** The parsed body; undefined: there is none, or it is no JSON. */
  readonly body: unknown;
  /** Of a write: the revision that it became. */
  readonly revision: string | undefined;
}

/** Faults that come before anything is sent, so that nothing can have been done. */
const neverSent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

/** One request and its answer, whatever its status. Rejects with a Refusal where there is no answer. */
export async function exchange(question: Question): Promise<Answer> {
  const { server, method, path, bearer, body, timeoutMs } = question;
  try {
    const response = await fetch(`${server}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      // The credential goes to the server that was named, and to no other.
      redirect: 'manual',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) }),
    });
    const revision = response.headers.get('x-modelgate-revision') ?? undefined;
    return { status: response.status, body: parsed(await response.text()), revision };
  } catch (fault) {
    throw unanswered(question, fault as Error);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unanswered({ server, method }: Question, fault: Error): Refusal {
  const cause = (fault.cause ?? fault) as NodeJS.ErrnoException;
  const code = cause.code ?? cause.message;
  const refusal = `${server} can't be reached (${fault.name === 'TimeoutError' ? 'no answer in time' : code})`;
  const unsure = method !== 'GET' && !neverSent.includes(String(code));
  return new Refusal(
    `${refusal}: start \`modelgate serve\` there, or name another server with --server (MODELGATE_SERVER)`,
    unsure ? ['the request may have been carried out all the same: look before you repeat it'] : [],
  );
}
