import { request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of models and denials
  readonly json: any;
}

export interface Call {
  readonly path?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
  readonly method?: string;
  /** Without content-length. */
  readonly chunked?: boolean;
  /** On a connection of its own. */
  readonly alone?: boolean;
}

/** A call with node's own client, which sends headers and paths as they are given. */
export function send(
  { port }: { readonly port: number },
  { path = '/model', headers = {}, body = '', method = 'POST', chunked = false, alone = false }: Call,
): Promise<Answer> {
  const length = chunked ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      method,
      path,
      ...(alone ? { agent: false } : {}),
      headers: { 'content-type': 'application/json', ...length, ...headers },
    };
    const sent = request(options, response => {
      const chunks: Buffer[] = [];
      response.on('data', chunk => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = text.startsWith('{') || text.startsWith('\n');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: isJson ? JSON.parse(text) : undefined,
        });
      });
    });
    sent.on('error', reject);
    if (chunked) {
      sent.write(body);
      sent.end();
    } else {
      sent.end(body);
    }
  });
}
