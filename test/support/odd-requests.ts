import { endHeaders, endStream, frameTypes, headerBlock } from './raw-http2.ts';

/** What an odd request may hold: the open model's key, which is enough for a call, or no right one. */
export interface OddKeys {
  readonly churn: string;
  readonly fraud: string;
}

export interface OddRequest {
  /** One sentence that says what is odd about it. */
  readonly what: string;
  /** Whether it holds a valid key, so that a model may be reached; without it none may. */
  readonly holdsKey: boolean;
  /** Bytes of HTTP/1, as they are. */
  readonly bytes?: (keys: OddKeys) => string;
  /** Frames of HTTP/2 after an opening as it should be. */
  readonly frames?: (
    keys: OddKeys,
  ) => readonly (readonly [type: number, flags: number, stream: number, payload: Buffer])[];
}

const key = ({ churn }: OddKeys) => `x-model-access-key: ${churn}\r\n`;
const inBody = ({ churn }: OddKeys) => JSON.stringify({ accessKey: churn });
const post = 'POST /model HTTP/1.1\r\nhost: m\r\n';

function http1(what: string, holdsKey: boolean, bytes: (keys: OddKeys) => string): OddRequest {
  return { what, holdsKey, bytes };
}

function http2(what: string, holdsKey: boolean, frames: NonNullable<OddRequest['frames']>): OddRequest {
  return { what, holdsKey, frames };
}

const pseudo = [
  [':method', 'POST'],
  [':scheme', 'http'],
  [':path', '/model'],
  [':authority', 'm'],
] as const;
type Header = readonly [string, string];
const head = (headers: readonly Header[], flags = endHeaders | endStream, stream = 1) =>
  [frameTypes.headers, flags, stream, headerBlock(headers)] as const;
const without = (name: string): Header[] => pseudo.filter(([given]) => given !== name);
const replaced = (name: string, value: string): Header[] =>
  pseudo.map(([given, is]) => [given, given === name ? value : is]);
const keyHeader = ({ churn }: OddKeys): Header => ['x-model-access-key', churn];

const http1Requests: readonly OddRequest[] = [
  http1('speaks HTTP/1.0', true, keys => `POST /model HTTP/1.0\r\n${key(keys)}\r\n`),
  http1(
    'speaks HTTP/1.0 with a host and keep-alive',
    true,
    keys => `POST /model HTTP/1.0\r\nhost: m\r\nconnection: keep-alive\r\n${key(keys)}\r\n`,
  ),
  http1('speaks HTTP/0.9', false, () => 'GET /model\r\n\r\n'),
  http1('speaks a version that there is not', true, keys => `POST /model HTTP/1.2\r\nhost: m\r\n${key(keys)}\r\n`),
  http1('speaks HTTP/3.0 in text', true, keys => `POST /model HTTP/3.0\r\nhost: m\r\n${key(keys)}\r\n`),
  http1(
    'expects 100-continue and sends its body at once',
    true,
    keys =>
      `${post}expect: 100-continue\r\ncontent-type: application/json\r\ncontent-length: ${inBody(keys).length}\r\n\r\n${inBody(keys)}`,
  ),
  http1(
    'expects 100-continue and never sends the body that holds its key',
    false,
    keys => `${post}expect: 100-continue\r\ncontent-length: ${inBody(keys).length}\r\n\r\n`,
  ),
  http1('expects something that nobody knows', true, keys => `${post}expect: 200-maybe\r\n${key(keys)}\r\n`),
  http1(
    'sends trailers after a chunked body',
    true,
    keys => `${post}${key(keys)}transfer-encoding: chunked\r\ntrailer: x-t\r\n\r\n2\r\n{}\r\n0\r\nx-t: v\r\n\r\n`,
  ),
  http1(
    'gives its key in a trailer only',
    false,
    keys => `${post}transfer-encoding: chunked\r\ntrailer: x-model-access-key\r\n\r\n2\r\n{}\r\n0\r\n${key(keys)}\r\n`,
  ),
  http1(
    'sends a routing header as trailer',
    false,
    () => `${post}transfer-encoding: chunked\r\n\r\n0\r\nx-modelgate-target: churn\r\n\r\n`,
  ),
  http1('has an empty host', true, keys => `POST /model HTTP/1.1\r\nhost:\r\n${key(keys)}\r\n`),
  http1('has no host', true, keys => `POST /model HTTP/1.1\r\n${key(keys)}\r\n`),
  http1('has two hosts', true, keys => `POST /model HTTP/1.1\r\nhost: a\r\nhost: b\r\n${key(keys)}\r\n`),
  http1('has a host with a path in it', true, keys => `POST /model HTTP/1.1\r\nhost: a/b\r\n${key(keys)}\r\n`),
  http1(
    'names its target in absolute form',
    true,
    keys => `POST http://m/model HTTP/1.1\r\nhost: m\r\n${key(keys)}\r\n`,
  ),
  http1('names another host in absolute form', false, () => 'POST http://churn/model HTTP/1.1\r\nhost: m\r\n\r\n'),
  http1(
    'names a user in absolute form',
    true,
    keys => `POST http://u:p@m/model HTTP/1.1\r\nhost: m\r\n${key(keys)}\r\n`,
  ),
  http1('asks for a tunnel', true, keys => `CONNECT churn:80 HTTP/1.1\r\nhost: churn:80\r\n${key(keys)}\r\n`),
  http1(
    'asks for a tunnel without a port, and talks on at once',
    true,
    keys => `CONNECT churn HTTP/1.1\r\nhost: churn\r\n${key(keys)}\r\nGET / HTTP/1.1\r\nhost: m\r\n\r\n`,
  ),
  http1('asks about the server itself', false, () => 'OPTIONS * HTTP/1.1\r\nhost: m\r\n\r\n'),
  http1('asks to be traced', false, () => 'TRACE /model HTTP/1.1\r\nhost: m\r\n\r\n'),
  http1('has a method that there is not', false, () => 'BREW /model HTTP/1.1\r\nhost: m\r\n\r\n'),
  http1('has a method in lower case', true, keys => `post /model HTTP/1.1\r\nhost: m\r\n${key(keys)}\r\n`),
  http1('has no method', true, keys => ` /model HTTP/1.1\r\nhost: m\r\n${key(keys)}\r\n`),
  http1('has no path', true, keys => `POST  HTTP/1.1\r\nhost: m\r\n${key(keys)}\r\n`),
  http1('has a path without a slash', true, keys => `POST model HTTP/1.1\r\nhost: m\r\n${key(keys)}\r\n`),
  http1('has a fragment in its path', true, keys => `POST /model#x HTTP/1.1\r\nhost: m\r\n${key(keys)}\r\n`),
  http1(
    'hides its key behind a fragment',
    true,
    keys => `POST /model#?accessKey=${keys.churn} HTTP/1.1\r\nhost: m\r\n\r\n`,
  ),
  http1('has a path of two slashes', false, () => 'POST // HTTP/1.1\r\nhost: m\r\n\r\n'),
  http1('climbs by an encoded slash', false, () => 'GET /model/..%2f..%2fchurn HTTP/1.1\r\nhost: m\r\n\r\n'),
  http1('has a backslash in its path', false, () => 'GET /\\churn HTTP/1.1\r\nhost: m\r\n\r\n'),
  http1('has an encoded NUL in its path', false, () => 'GET /model%00 HTTP/1.1\r\nhost: m\r\n\r\n'),
  http1('has a NUL in its path', true, keys => `POST /mo\0del HTTP/1.1\r\nhost: m\r\n${key(keys)}\r\n`),
  http1('has a NUL in a header', true, keys => `${post}x-a: b\0c\r\n${key(keys)}\r\n`),
  http1(
    'has a path of 100 KiB',
    true,
    keys => `POST /${'a'.repeat(100 * 1024)} HTTP/1.1\r\nhost: m\r\n${key(keys)}\r\n`,
  ),
  http1(
    'has content-length and transfer-encoding',
    true,
    keys => `${post}${key(keys)}content-length: 6\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nX`,
  ),
  http1(
    'hides a second request behind content-length and transfer-encoding',
    false,
    () =>
      `${post}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /churn HTTP/1.1\r\nhost: m\r\n\r\n`,
  ),
  http1(
    'has two lengths that differ',
    true,
    keys => `${post}${key(keys)}content-length: 2\r\ncontent-length: 3\r\n\r\n{}}`,
  ),
  http1('has a negative length', true, keys => `${post}${key(keys)}content-length: -1\r\n\r\n`),
  http1('has a length with a plus', true, keys => `${post}${key(keys)}content-length: +2\r\n\r\n{}`),
  http1(
    'has two transfer encodings',
    true,
    keys => `${post}${key(keys)}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
  ),
  http1(
    'has a transfer encoding that only looks like chunked',
    true,
    keys => `${post}${key(keys)}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n`,
  ),
  http1('has a tab before "chunked"', true, keys => `${post}${key(keys)}transfer-encoding:\tchunked\r\n\r\n0\r\n\r\n`),
  http1(
    'has a chunk size that is no number',
    true,
    keys => `${post}${key(keys)}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`,
  ),
  http1('folds a header over two lines', true, keys => `${post}x-a: b\r\n c\r\n${key(keys)}\r\n`),
  http1('has a space before a colon', true, keys => `${post}x-modelgate-target : churn\r\n${key(keys)}\r\n`),
  http1('has a header without a name', true, keys => `${post}: churn\r\n${key(keys)}\r\n`),
  http1(
    'ends its lines with LF only',
    true,
    keys => `POST /model HTTP/1.1\nhost: m\nx-model-access-key: ${keys.churn}\n\n`,
  ),
  http1('begins with empty lines', true, keys => `\r\n\r\n${post}${key(keys)}\r\n`),
  http1(
    'pipelines a call without a key behind one with a key',
    true,
    keys => `${post}${key(keys)}content-length: 0\r\n\r\n${post}content-length: 0\r\n\r\n`,
  ),
  http1('pipelines ten calls without a key', false, () => `${post}content-length: 0\r\n\r\n`.repeat(10)),
  http1(
    'asks to upgrade to HTTP/2 in clear text',
    true,
    keys =>
      `${post}${key(keys)}connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n\r\n`,
  ),
  http1(
    'asks to upgrade to a WebSocket',
    true,
    keys =>
      `GET /model HTTP/1.1\r\nhost: m\r\n${key(keys)}connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
  ),
  http1(
    'asks to upgrade to a protocol of its own, without a key',
    false,
    () => `${post}connection: upgrade\r\nupgrade: churn\r\n\r\n`,
  ),
  http1(
    'declares its identity headers as hop-by-hop',
    false,
    () => `${post}connection: x-modelgate-target, x-modelgate-model\r\n\r\n`,
  ),
  http1('is no HTTP at all', false, () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'),
];

const http2Requests: readonly OddRequest[] = [
  http2('HTTP/2: has an empty path', true, keys => [head([...replaced(':path', ''), keyHeader(keys)])]),
  http2('HTTP/2: has no path', true, keys => [head([...without(':path'), keyHeader(keys)])]),
  http2('HTTP/2: has no method', true, keys => [head([...without(':method'), keyHeader(keys)])]),
  http2('HTTP/2: has no scheme', true, keys => [head([...without(':scheme'), keyHeader(keys)])]),
  http2('HTTP/2: has no authority', true, keys => [head([...without(':authority'), keyHeader(keys)])]),
  http2('HTTP/2: has two paths', true, keys => [head([...pseudo, [':path', '/churn'], keyHeader(keys)])]),
  http2('HTTP/2: has a pseudo header that there is not', true, keys => [
    head([...pseudo, [':target', 'churn'], keyHeader(keys)]),
  ]),
  http2('HTTP/2: has a pseudo header after a header', true, keys => [
    head([...without(':path'), keyHeader(keys), [':path', '/model']]),
  ]),
  http2('HTTP/2: has a name in upper case', true, keys => [
    head([...pseudo, ['X-Modelgate-Target', 'churn'], keyHeader(keys)]),
  ]),
  http2('HTTP/2: has a line break in a value', true, keys => [
    head([...pseudo, ['x-a', 'b\r\nx-modelgate-target: churn'], keyHeader(keys)]),
  ]),
  http2('HTTP/2: has a connection header', true, keys => [head([...pseudo, ['connection', 'close'], keyHeader(keys)])]),
  http2('HTTP/2: has a transfer encoding', true, keys => [
    head([...pseudo, ['transfer-encoding', 'chunked'], keyHeader(keys)]),
  ]),
  http2('HTTP/2: asks for a tunnel', true, keys => [
    head([[':method', 'CONNECT'], [':authority', 'churn:80'], keyHeader(keys)], endHeaders),
  ]),
  http2('HTTP/2: asks for a WebSocket by extended CONNECT', true, keys => [
    head([...replaced(':method', 'CONNECT'), [':protocol', 'websocket'], keyHeader(keys)], endHeaders),
  ]),
  http2('HTTP/2: sends more body than it declared', false, () => [
    head([...pseudo, ['content-length', '1']], endHeaders),
    [frameTypes.data, endStream, 1, Buffer.from('{"accessKey":1}')],
  ]),
  http2('HTTP/2: gives its key in trailers only', false, keys => [
    head(pseudo, endHeaders),
    [frameTypes.data, 0, 1, Buffer.from('{}')],
    head([keyHeader(keys)]),
  ]),
  http2('HTTP/2: begins a stream and resets it', true, keys => [
    head([...pseudo, keyHeader(keys)], endHeaders),
    [frameTypes.rstStream, 0, 1, Buffer.from([0, 0, 0, 8])],
  ]),
  http2('HTTP/2: uses a stream id of the server', true, keys => [
    head([...pseudo, keyHeader(keys)], endHeaders | endStream, 2),
  ]),
  http2('HTTP/2: sends data on a stream that is not open', false, () => [
    [frameTypes.data, endStream, 7, Buffer.from('{}')],
  ]),
  http2('HTTP/2: sends a header block that is no HPACK', false, () => [
    [frameTypes.headers, endHeaders | endStream, 1, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff])],
  ]),
];

export const oddRequests: readonly OddRequest[] = [...http1Requests, ...http2Requests];
