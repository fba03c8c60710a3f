import { headerBlock } from '../raw-http2.ts';
import { requestFor } from './derived-answers.ts';
import { bit, check, checkPath, data, frame, greeting, headers, kind, message, none, settings } from './frame-bytes.ts';

/**
 * What becomes of a peer: its connection is closed, its stream is reset, or its call is refused with a status of HTTP or of
 * gRPC (`grpc 12`). What does not come is an answer to its check.
 */
export type Fate = 'hung up' | 'reset' | '415' | `grpc ${number}`;

export interface BadPeer {
  /** What it does; the rest of it is a check that would be answered. */
  readonly what: string;
  readonly fate: Fate;
  /** All that it sends. */
  readonly bytes: Buffer;
}

type Field = readonly [name: string, value: string];

const body = message(requestFor(1, 100));
const opening = Buffer.concat([greeting, settings()]);
const rightFields: readonly Field[] = [
  [':method', 'POST'],
  [':scheme', 'http'],
  [':path', checkPath],
  [':authority', 'modelgate'],
  ['content-type', 'application/grpc'],
  ['te', 'trailers'],
];

function after(...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([opening, ...parts]);
}

/** The check as it should be, but for its fields. */
function call(fields: readonly Field[], sent: Buffer = data(1, body)): Buffer {
  return after(headers(1, headerBlock(fields)), sent);
}

const replaced = (name: string, value: string): Field[] =>
  rightFields.map(([given, is]) => [given, given === name ? value : is]);
const without = (name: string) => rightFields.filter(([given]) => given !== name);
const withField = (name: string, value: string): Field[] => [...rightFields, [name, value]];

/** The call that all of them bend. */
export const rightCall = call(rightFields);

/** Calls that look odd and are right: what they say is of no importance here. */
export const oddCalls: Readonly<Record<string, Buffer>> = {
  'no :authority': call(without(':authority')),
  'an :authority with a port': call(replaced(':authority', 'modelgate:9191')),
  'an :authority of IPv6': call(replaced(':authority', '[::1]:9191')),
  'an :authority that is escaped, as of a socket': call(replaced(':authority', '%2Frun%2Fmodelgate%2Fcheck.sock')),
  'a host beside the :authority': call(withField('host', 'elsewhere')),
  'a content type with a suffix': call(replaced('content-type', 'application/grpc+proto')),
  'no te': call(without('te')),
  'a scheme that is not the one in use': call(replaced(':scheme', 'https')),
  'fields that nobody knows': call(withField('x-unknown', 'value')),
};

const http1: readonly BadPeer[] = [
  { what: 'speaks HTTP/1.1', fate: 'hung up', bytes: Buffer.from('GET / HTTP/1.1\r\nhost: modelgate\r\n\r\n') },
  {
    what: 'sends its check by HTTP/1.1',
    fate: 'hung up',
    bytes: Buffer.concat([
      Buffer.from(`POST ${checkPath} HTTP/1.1\r\nhost: m\r\ncontent-type: application/grpc\r\ncontent-length: `),
      Buffer.from(`${body.length}\r\n\r\n`),
      body,
    ]),
  },
  {
    what: 'asks for an upgrade to h2c',
    fate: 'hung up',
    bytes: Buffer.from(
      'GET / HTTP/1.1\r\nhost: m\r\nconnection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: \r\n\r\n',
    ),
  },
  { what: 'speaks TLS to a port in plain text', fate: 'hung up', bytes: Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252]) },
];

const openings: readonly BadPeer[] = [
  { what: 'leaves out the preface', fate: 'hung up', bytes: Buffer.concat([settings(), check(1, requestFor(1, 1))]) },
  {
    what: 'has one other byte in the preface',
    fate: 'hung up',
    bytes: Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSN\r\n\r\n'), settings(), check(1, requestFor(1, 1))]),
  },
  {
    what: 'leaves out its SETTINGS',
    fate: 'hung up',
    bytes: Buffer.concat([greeting, check(1, requestFor(1, 1))]),
  },
  {
    what: 'begins with the acknowledgement of SETTINGS',
    fate: 'hung up',
    bytes: Buffer.concat([greeting, frame(kind.settings, bit.ack, 0), check(1, requestFor(1, 1))]),
  },
];

const streams: readonly BadPeer[] = [
  { what: 'calls on stream 0', fate: 'hung up', bytes: after(check(0, requestFor(1, 1))) },
  { what: 'calls on a stream of ours', fate: 'hung up', bytes: after(check(2, requestFor(1, 1))) },
  { what: 'sends a body on a stream that it did not open', fate: 'hung up', bytes: after(data(1, body)) },
  { what: 'pushes a promise', fate: 'hung up', bytes: after(frame(5, bit.endHeaders, 1, Buffer.alloc(4))) },
];

const paths: readonly BadPeer[] = [
  checkPath.slice(1),
  `/${checkPath}`,
  `${checkPath}/`,
  `${checkPath}?`,
  `${checkPath}#`,
  `${checkPath}%00`,
  `/.${checkPath}`,
  `http://modelgate${checkPath}`,
  checkPath.toLowerCase(),
  checkPath.replace('.v3.', '%2ev3.'),
  checkPath.replace('v3', 'v2'),
  '/',
  '*',
].map(path => ({ what: `asks for the path ${path}`, fate: 'grpc 12', bytes: call(replaced(':path', path)) }));

const methods: readonly BadPeer[] = ['GET', 'PUT', 'post', 'OPTIONS', 'CONNECT'].map(method => ({
  what: `has the method ${method}`,
  fate: '415',
  bytes: call(replaced(':method', method)),
}));

const contentTypes: readonly BadPeer[] = [
  'application/json',
  'application/grpc-web',
  'application/grpcx',
  'text/plain',
  'application/proto, application/grpc',
].map(type => ({
  what: `has the content type ${type}`,
  fate: '415',
  bytes: call(replaced('content-type', type)),
}));

const malformed: Readonly<Record<string, readonly Field[]>> = {
  'leaves out :method': without(':method'),
  'leaves out :scheme': without(':scheme'),
  'leaves out :path': without(':path'),
  'has an empty :path': replaced(':path', ''),
  'says :path twice': [[':path', '/x'], ...rightFields],
  'says :authority twice': [[':authority', 'x'], ...rightFields],
  'has :path behind a field': [...without(':path'), [':path', checkPath]],
  'has a :status': [[':status', '200'], ...rightFields],
  'has a :protocol': [[':protocol', 'websocket'], ...rightFields],
  'writes a name in upper case': withField('X-Name', 'x'),
  'has a blank in a name': withField('x name', 'x'),
  'has a colon in a name': withField('x:name', 'x'),
  'has an empty name': withField('', 'x'),
  'breaks a line in a value': withField('x-name', 'x\r\ny: z'),
  'has a NUL in a value': withField('x-name', 'x\0'),
  'has a NUL in :authority': replaced(':authority', 'modelgate\0'),
  'has a blank before a value': withField('x-name', ' x'),
  'takes trailers and more': replaced('te', 'trailers, deflate'),
  'takes no trailers': replaced('te', 'gzip'),
  'has connection': withField('connection', 'close'),
  'has keep-alive': withField('keep-alive', '5'),
  'has proxy-connection': withField('proxy-connection', 'close'),
  'has transfer-encoding': withField('transfer-encoding', 'chunked'),
  'has upgrade': withField('upgrade', 'h2c'),
  'announces a shorter body': withField('content-length', String(body.length - 1)),
  'announces a longer body': withField('content-length', String(body.length + 1)),
  'announces two lengths': [...withField('content-length', String(body.length)), ['content-length', '1']],
};

const messages: readonly BadPeer[] = [
  {
    what: 'says nothing after its fields',
    fate: 'grpc 13',
    bytes: after(headers(1, headerBlock(rightFields), bit.endHeaders | bit.endStream)),
  },
  { what: 'sends half a message', fate: 'grpc 13', bytes: call(rightFields, data(1, body.subarray(0, -1))) },
  { what: 'sends two messages', fate: 'grpc 13', bytes: call(rightFields, data(1, Buffer.concat([body, body]))) },
  { what: 'packs its message', fate: 'grpc 12', bytes: call(rightFields, data(1, message(none, 0, 1))) },
  {
    what: 'claims four gigabytes',
    fate: 'grpc 8',
    bytes: call(rightFields, data(1, message(none, 2 ** 32 - 1), 0)),
  },
  {
    what: 'has a pseudo-header in its trailers',
    fate: 'reset',
    bytes: call(
      rightFields,
      Buffer.concat([data(1, body, 0), headers(1, headerBlock([[':path', '/x']]), bit.endHeaders | bit.endStream)]),
    ),
  },
];

/** Peers that are not what a check port is for, or do not speak as they should (T20). */
export const badPeers: readonly BadPeer[] = [
  ...http1,
  ...openings,
  ...streams,
  ...paths,
  ...methods,
  ...contentTypes,
  ...Object.entries(malformed).map(([what, fields]) => ({ what, fate: 'reset' as const, bytes: call(fields) })),
  ...messages,
];
