/** One call of the admin API; answers its JSON, or an empty object. Rejects where it is refused. */
export type AdminApi = (method: string, path: string, body?: object) => Promise<Record<string, unknown>>;

export function adminApi(url: string, legacyKey: string): AdminApi {
  return async (method, path, body) => {
    const headers = {
      authorization: `Bearer ${legacyKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const response = await fetch(
      url + path,
      body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) },
    );
    const text = await response.text();
    const answer = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    if (!response.ok) {
      throw new Error(`${method} ${path} was refused: ${answer['message']}`);
    }
    return answer;
  };
}
