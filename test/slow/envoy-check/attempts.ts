import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { sendHttp2 } from '../../support/send-http2.ts';
import { otherClient } from './mutations/listeners.ts';
import { attemptHeader } from './recording-models.ts';

/** Keys of the site: cora may call churn, and nothing else. */
export interface Keys {
  readonly cora: string;
  /** Somebody who may call both; lent by some configs. */
  readonly ben: string;
  readonly churn: string;
  readonly fraud: string;
}

/** Where to: the gateway's port, the other ports of the same Envoy, the address of its admin port. */
export interface Target {
  readonly port: number;
  readonly others: readonly number[];
  readonly adminPort: number;
  readonly fraudPort: number;
}

/** One try to reach a model that the caller may not call. */
export interface Attempt {
  readonly name: string;
  /** Models that the caller may reach this way. */
  readonly allowed: readonly string[];
  /** Answers the status, 0 where there was none. */
  send(target: Target, id: string): Promise<number>;
}

interface Shape {
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly version?: string;
  readonly lines?: readonly string[];
  readonly body?: string;
  readonly localAddress?: string;
}

/** Longest wait for an answer, in milliseconds. */
const answerMs = 3000;

/** What a client can write to choose a model by itself. */
const shapes: Readonly<Record<string, Shape>> = {
  'as it is': {},
  'by the path': { path: '/open' },
  'by a pinned path': { path: '/pinned' },
  'by a query': { path: '/model?want=fraud' },
  'by the host': { host: 'fraud' },
  'by the method': { method: 'PUT' },
  'by a header': { lines: ['x-want: fraud'] },
  'by a cookie': { lines: ['cookie: want=fraud'] },
  'by a forged target': {
    lines: ['x-modelgate-target: fraud', 'x-modelgate-model: fraud', 'x-modelgate-principal: forged'],
  },
  'by a forged target on the path': { path: '/open', lines: ['x-modelgate-target: fraud', 'x-modelgate-model: fraud'] },
  'by a doubled target': { lines: ['x-modelgate-target: churn', 'x-modelgate-target: fraud'] },
  'by underscores': {
    lines: ['x_modelgate_target: fraud', 'x_modelgate_model: fraud', 'x_modelgate_principal: forged'],
  },
  'by an upgrade': { lines: ['connection: Upgrade', 'upgrade: websocket'] },
  'by an upgrade on the path': { path: '/open', lines: ['connection: Upgrade', 'upgrade: websocket'] },
  'by an upgrade on a pinned path': { path: '/pinned', lines: ['connection: Upgrade', 'upgrade: websocket'] },
  'by HTTP/1.0': { version: '1.0' },
  'by gRPC': { lines: ['content-type: application/grpc'] },
  'from another address': { localAddress: otherClient },
};

/** gRPC says no with the HTTP status 200. */
const refusedByGrpc = /\r\ngrpc-status: [1-9]/i;

/** Every try, for callers without a key and for cora, who is honest but for what she writes besides. */
export function attempts(keys: Keys): readonly Attempt[] {
  const honest = { lines: [`authorization: Bearer ${keys.cora}`], body: bodyOf(keys.churn) };
  const odd = { lines: [`authorization: Bearer ${keys.cora}`], body: bodyOf(keys.fraud) };
  return [
    ...Object.entries(shapes).flatMap(([name, shape]) => [
      attempt(`without a key, ${name}`, [], shape),
      attempt(`with a key for churn, ${name}`, ['churn'], joined(shape, honest)),
    ]),
    attempt('without an API key', [], { body: bodyOf(keys.fraud) }),
    attempt("with another model's access key", [], odd),
    attempt('with a key that nobody has', [], {
      lines: ['authorization: Bearer mgk_nobody'],
      body: bodyOf(keys.fraud),
    }),
    attempt('with two access keys', [], {
      lines: honest.lines,
      body: JSON.stringify({ accessKey: keys.churn, filler: 'x'.repeat(100_000), accessKey2: 0 }).replace(
        'accessKey2":0',
        `accessKey":"${keys.fraud}"`,
      ),
    }),
    attempt('with an access key in query and body', [], {
      path: `/model?accessKey=${keys.churn}`,
      lines: honest.lines,
      body: bodyOf(keys.fraud),
    }),
    attempt('with a key in the query', ['churn'], { path: `/open?accessKey=${keys.churn}`, lines: honest.lines }),
    attempt('with a key in a header', ['churn'], {
      path: '/open',
      lines: [...honest.lines, `x-model-access-key: ${keys.churn}`],
    }),
    hostOf('x-envoy-original-dst-host', honest),
    hostOf('x-host', honest),
    hostOf('host', honest),
    connecting('CONNECT without a key', [], []),
    connecting('CONNECT with a key for churn', ['churn'], [...honest.lines, `x-model-access-key: ${keys.churn}`]),
    overHttp2('over HTTP/2 without a key', [], {}, ''),
    overHttp2(
      'over HTTP/2 with a key for churn',
      ['churn'],
      { authorization: `Bearer ${keys.cora}`, 'x-modelgate-target': 'fraud' },
      honest.body,
    ),
    onOtherPorts(),
    ofAdmin(),
  ];
}

/** While nobody answers checks, nobody may reach anything. */
export function attemptsUnanswered(keys: Keys): readonly Attempt[] {
  const honest = { lines: [`authorization: Bearer ${keys.cora}`], body: bodyOf(keys.churn) };
  const forged = { lines: ['x-modelgate-target: fraud'] };
  const upgrade = joined(honest, { lines: ['connection: Upgrade', 'upgrade: websocket'], path: '/open' });
  return [
    attempt('unanswered, without a key', [], {}),
    attempt('unanswered, without a key, by a forged target', [], forged),
    attempt('unanswered, with a key', [], honest),
    attempt('unanswered, with a key, on the path', [], { ...honest, path: '/open' }),
    attempt('unanswered, with a key, on a pinned path', [], { ...honest, path: '/pinned' }),
    attempt('unanswered, with a key, by an upgrade', [], upgrade),
  ];
}

/** What must work: the tables tell which mutations break it. */
export function honestCall(keys: Keys): Attempt {
  return attempt('honest', ['churn'], { lines: [`authorization: Bearer ${keys.cora}`], body: bodyOf(keys.churn) });
}

const bodyOf = (accessKey: string) => JSON.stringify({ accessKey, request: { dob: '19 - 22' } });

function joined(a: Shape, b: Shape): Shape {
  return { ...a, ...b, lines: [...(a.lines ?? []), ...(b.lines ?? [])] };
}

function attempt(name: string, allowed: readonly string[], shape: Shape): Attempt {
  return { name, allowed, send: ({ port }, id) => sendTo(port, shape, id) };
}

/** The address of another model, where Envoy may be told to go. */
function hostOf(header: string, honest: Shape): Attempt {
  return {
    name: `with the address of another model in ${header}`,
    allowed: ['churn'],
    send: ({ port, fraudPort }, id) => {
      const address = `127.0.0.1:${fraudPort}`;
      const shape =
        header === 'host' ? { ...honest, host: address } : joined(honest, { lines: [`${header}: ${address}`] });
      return sendTo(port, shape, id);
    },
  };
}

/** A tunnel, and a request inside it. */
function connecting(name: string, allowed: readonly string[], lines: readonly string[]): Attempt {
  return {
    name,
    allowed,
    send: async ({ port }, id) => {
      const head = ['CONNECT fraud:80 HTTP/1.1', 'host: fraud:80', `${attemptHeader}: ${id}`, ...lines].join('\r\n');
      const inner = `GET / HTTP/1.1\r\nhost: m\r\n${attemptHeader}: ${id}\r\n\r\n`;
      return await exchange(port, `${head}\r\n\r\n`, inner);
    },
  };
}

function overHttp2(name: string, allowed: readonly string[], headers: Record<string, string>, body: string): Attempt {
  return {
    name,
    allowed,
    send: async ({ port }, id) => {
      const session = connectHttp2(`http://127.0.0.1:${port}`);
      session.on('error', () => undefined);
      session.setTimeout(answerMs, () => session.destroy());
      const pseudo = { ':method': 'POST', ':path': '/model', ':authority': 'models' };
      const { status } = await sendHttp2(session, { ...pseudo, ...headers, [attemptHeader]: id }, body);
      session.destroy();
      return status;
    },
  };
}

function onOtherPorts(): Attempt {
  return {
    name: 'by another port',
    allowed: [],
    send: async ({ others }, id) => {
      const shape = { lines: ['x-want: fraud', 'x-modelgate-target: fraud'] };
      const statuses = await Promise.all(others.map(port => sendTo(port, shape, id)));
      return statuses.at(-1) ?? 0;
    },
  };
}

/** By another address of the machine: who is here has its loopback anyhow. */
function ofAdmin(): Attempt {
  return {
    name: 'the admin port from elsewhere',
    allowed: [],
    send: ({ adminPort }, id) => sendTo(adminPort, { method: 'GET', path: '/config_dump' }, id, '127.0.0.2'),
  };
}

function sendTo(port: number, shape: Shape, id: string, host = '127.0.0.1'): Promise<number> {
  const {
    method = 'POST',
    path = '/model',
    host: authority = 'models',
    version = '1.1',
    lines = [],
    body = '',
  } = shape;
  const head = [
    `${method} ${path} HTTP/${version}`,
    `host: ${authority}`,
    `${attemptHeader}: ${id}`,
    `content-length: ${Buffer.byteLength(body)}`,
    ...lines,
  ];
  return exchange(port, `${head.join('\r\n')}\r\n\r\n${body}`, undefined, host, shape.localAddress);
}

/** The first status that comes back; with `then` that is sent after it, and the wait goes on until the peer ends. */
function exchange(
  port: number,
  bytes: string,
  then?: string,
  host = '127.0.0.1',
  localAddress?: string,
): Promise<number> {
  return new Promise(resolve => {
    const socket = connect({ port, host, ...(localAddress ? { localAddress } : {}) });
    let answer = '';
    let sent = false;
    const status = () => (refusedByGrpc.test(answer) ? 403 : Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1] ?? 0));
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(status());
    };
    const timer = setTimeout(end, answerMs);
    socket.on('error', end).on('close', end);
    socket.on('data', chunk => {
      answer += chunk.toString('latin1');
      const whole = answer.includes('\r\n\r\n');
      if (whole && then !== undefined && !sent && status() === 200) {
        sent = true;
        answer = '';
        socket.write(then);
      } else if (whole) end();
    });
    socket.write(bytes);
  });
}
