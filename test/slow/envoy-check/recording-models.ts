import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';

/** Header by which an attempt is known again at a model. */
export const attemptHeader = 'x-attempt';

/** What a model got. */
export interface Reached {
  readonly model: string;
  readonly attempt: string;
  /** Names in lower case, as they came, with every value. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** A model that notes what reaches it, CONNECT and upgrades too, and answers 200. */
export async function recordingModel(model: string, note: (reached: Reached) => void): Promise<Server> {
  const read = (request: IncomingMessage) => {
    const headers = Object.entries(request.headersDistinct).flatMap(([name, values = []]) =>
      values.map(value => [name, value] as const),
    );
    const attempt = request.headersDistinct[attemptHeader]?.[0] ?? '';
    note({ model, attempt, headers });
  };
  const server = createServer((request, response) => {
    read(request);
    request.resume();
    response.end(model);
  });
  server.keepAliveTimeout = 0;
  server.on('connect', (request, socket) => {
    read(request);
    socket.end('HTTP/1.1 200 OK\r\n\r\n');
  });
  await listening(server);
  return server;
}

/** An authorizer that allows everything, by gRPC: an empty CheckResponse has the status OK. */
export async function grpcYes(): Promise<TcpServer> {
  const server = createHttp2Server();
  server.on('stream', stream => {
    stream.on('error', () => undefined);
    stream.resume();
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.alloc(5));
  });
  await listening(server);
  return server;
}

/** The same by HTTP/1: any 200. */
export async function httpYes(): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    response.end();
  });
  await listening(server);
  return server;
}

/** A port in front of another one that can fall silent, as a killed authorizer does. */
export interface Forwarder {
  readonly port: number;
  cut(): Promise<void>;
}

export async function forwardTo(port: number): Promise<Forwarder> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const server = createTcpServer(socket => {
    const onward = connect(port, '127.0.0.1');
    for (const end of [socket, onward]) keep(end);
    socket.pipe(onward).pipe(socket);
    socket.on('close', () => onward.destroy());
    onward.on('close', () => socket.destroy());
  });
  await listening(server);
  const cut = async () => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise(resolve => server.close(resolve));
  };
  return { port: portOf(server), cut };
}

export function portOf(server: TcpServer): number {
  return (server.address() as AddressInfo).port;
}

function listening(server: TcpServer): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
}
