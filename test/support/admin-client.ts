import { requireDocumented } from './api-contract.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every route
  readonly body: any;
}

export interface AdminClient {
  readonly url: string;
  readonly key: string;
  get(path: string): Promise<ApiAnswer>;
  post(path: string, body?: unknown): Promise<ApiAnswer>;
  put(path: string, body: unknown): Promise<ApiAnswer>;
  patch(path: string, body: unknown): Promise<ApiAnswer>;
  delete(path: string): Promise<ApiAnswer>;
  /** A request with any method; a body that is undefined sends none. */
  send(method: string, path: string, body?: unknown): Promise<ApiAnswer>;
}

/** A client of the admin API with one credential; an empty one sends none. It rejects an answer that is not as the API's document says. */
export function adminClient(url: string, key: string): AdminClient {
  return clientWith(url, key === '' ? {} : { authorization: `Bearer ${key}` }, key);
}

/** The same with headers of its own in place of a credential. */
export function clientWith(url: string, own: Readonly<Record<string, string>>, key = ''): AdminClient {
  const send = async (method: string, path: string, body?: unknown): Promise<ApiAnswer> => {
    const headers = {
      ...own,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(url + path, { method, headers, ...sent });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
    const answer = { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    await requireDocumented({ method, path, ...answer });
    return answer;
  };
  return {
    url,
    key,
    get: path => send('GET', path),
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
    patch: (path, body) => send('PATCH', path, body),
    delete: path => send('DELETE', path),
    send,
  };
}
