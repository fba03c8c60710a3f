import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2';

export interface Http2Answer {
  /** 0 where the stream or the connection was reset. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly text: string;
}

/** One call on an open session; resets are answers too, since a gateway may refuse that way. */
export function sendHttp2(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body: Buffer | string = '',
): Promise<Http2Answer> {
  return new Promise(resolve => {
    let answer: Http2Answer = { status: 0, headers: {}, text: '' };
    const chunks: Buffer[] = [];
    const done = () => resolve({ ...answer, text: Buffer.concat(chunks).toString() });
    try {
      const stream = session.request(headers, { endStream: body.length === 0 });
      stream.on('response', head => {
        answer = { status: Number(head[':status']), headers: head as Http2Answer['headers'], text: '' };
      });
      stream.on('data', chunk => chunks.push(chunk));
      stream.on('error', () => undefined);
      stream.once('close', done);
      if (body.length > 0) stream.end(body);
    } catch {
      // Node itself refuses what no client could send.
      done();
    }
  });
}

/** A session that outlives whatever is done to it: opened anew when the gateway has closed it. */
export function http2Client(port: number) {
  let session: ClientHttp2Session | undefined;
  const open = () => {
    if (session === undefined || session.closed || session.destroyed) {
      session = connect(`http://127.0.0.1:${port}`);
      session.on('error', () => undefined);
    }
    return session;
  };
  return {
    send: (headers: OutgoingHttpHeaders, body?: Buffer | string) => sendHttp2(open(), headers, body),
    close: () => session?.destroy(),
  };
}
