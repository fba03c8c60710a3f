import { pathSegment } from './path-segment.ts';

/** A request that was refused, or that got no answer at all. */
export class ApiError extends Error {
  /** HTTP status; 0: no answer came. */
  readonly status: number;
  /** Each field at fault, with what it must be. */
  readonly details: readonly FieldFault[];

  constructor(status: number, message: string, details: readonly FieldFault[] = []) {
    super(message);
    this.status = status;
    this.details = details;
  }
}

export interface FieldFault {
  readonly field: string;
  readonly description: string;
}

export interface Answer<T> {
  readonly body: T;
  /** The store's revision that holds the change; undefined where nothing was changed. */
  readonly revision: number | undefined;
}

/** What a query may hold; what is undefined or empty is left out. */
export type Query = Readonly<Record<string, string | number | undefined>>;

/** The server's API. Every call rejects with ApiError. */
export interface Api {
  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T>;
  send<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<Answer<T>>;
}

interface Session {
  /** Goes with every write: a page of another site can't know it (T27). */
  readonly csrfToken: () => string | undefined;
  /** Told when the server knows the session no longer. */
  readonly ended: () => void;
}

const prefix = '/api/v2';
/** What takes a credential of its own. */
const signInPaths = ['/sessions', '/sessions:preview'];

export function createApi({ csrfToken, ended }: Session): Api {
  const exchange = async (path: string, options: RequestInit): Promise<Response> => {
    const response = await ask(prefix + path, options);
    if (response.ok) {
      return response;
    }
    // To sign in by what is no credential is no end of a session.
    if (response.status === 401 && !signInPaths.includes(path)) {
      ended();
      throw new ApiError(401, 'Your session has ended: sign in again, then send this once more.');
    }
    throw await toError(response);
  };
  return {
    get: async (path, query = {}, signal) => {
      const response = await exchange(path + toSearch(query), { signal: signal ?? null });
      return response.json();
    },
    send: async (method, path, body) => {
      const csrf = csrfToken();
      const headers = {
        ...(csrf === undefined ? {} : { 'x-modelgate-csrf': csrf }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      };
      const response = await exchange(path, {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
      });
      const revision = response.headers.get('x-modelgate-revision');
      return {
        body: response.status === 204 ? undefined : await response.json(),
        revision: revision === null ? undefined : Number(revision),
      };
    },
  };
}

/** A path of the API with the names in it escaped. Throws for a name that `pathSegment` refuses. */
export function apiPath(parts: TemplateStringsArray, ...names: readonly string[]): string {
  return String.raw({ raw: parts }, ...names.map(pathSegment));
}

async function ask(url: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { credentials: 'same-origin', redirect: 'error', ...options });
  } catch (fault) {
    if (fault instanceof DOMException && fault.name === 'AbortError') {
      throw fault;
    }
    throw new ApiError(0, 'The server does not answer. Check that it runs and that you can reach it, then try again.');
  }
}

async function toError(response: Response): Promise<ApiError> {
  try {
    const { message, details } = await response.json();
    return new ApiError(response.status, String(message), Array.isArray(details) ? details : []);
  } catch {
    return new ApiError(
      response.status,
      `The server answered ${response.status} without saying why; its log may tell.`,
    );
  }
}

function toSearch(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return search === '' ? '' : `?${search}`;
}
