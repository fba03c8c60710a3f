import { lookup } from 'node:dns/promises';
import { chmod } from 'node:fs/promises';
import { type AddressInfo, createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Certificates } from '../../tls/certificates.ts';
import { prepareSocket } from './prepare-socket.ts';

export type ListenAddress = { readonly host: string; readonly port: number } | { readonly socket: string };

export interface CheckListenerOptions {
  readonly address: ListenAddress;
  /** Absent: no TLS. With a client CA in it, only its clients come through. */
  readonly tls?: Certificates | undefined;
  /** Told of what is not as it should be with the socket's folder. */
  readonly warn: (fields: object, message: string) => void;
  /** Resolves when the address may be taken; at once where it is not given. */
  readonly addressFree?: () => Promise<void>;
  /** Listens, and tries again where the address may still be another's for a moment; once where it is not given. */
  readonly inherit?: <T>(listen: () => Promise<T>) => Promise<T>;
}

export interface CheckListener {
  /** The port that is listened on; undefined for a socket. */
  readonly port: number | undefined;
  /** What was given to `accept` and is still open; behind TLS, the side that holds plain bytes. */
  readonly connections: ReadonlySet<Socket>;
  /** Takes no new connection and frees the address at once; connections that are there go on. */
  stop(): void;
}

/** Envoy and nobody else: its user reads and writes through the group. */
const socketMode = 0o660;
/** Between its making and the chmod, a socket has what the process's mask leaves it. */
const nobodyElse = 0o077;
/** Time for a handshake, in milliseconds: two round trips and a signature. */
const handshakeTimeoutMs = 5000;

/**
 * Gives every connection to `accept`. It is apart from the gRPC server so that the address can be given to
 * another process while calls go on. Rejects with an Error that names the setting to change.
 */
export async function listenForChecks(
  { address, tls, warn, addressFree, inherit = listen => listen() }: CheckListenerOptions,
  accept: (connection: Socket) => void,
): Promise<CheckListener> {
  const servers: Server[] = [];
  const connections = new Set<Socket>();
  const take = (connection: Socket) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
    accept(connection);
  };
  const stop = () => {
    for (const server of servers) {
      server.close();
    }
  };
  const listenAt = (where: ListenOptions) =>
    inherit(async () => {
      const server = tls ? tlsServer(tls, take) : createServer({ noDelay: true }, take);
      await listen(server, where);
      servers.push(server);
      return server;
    });
  // From here to the next line nobody may be listening there: everything slow is done by now.
  await addressFree?.();
  try {
    return { port: await listenEverywhere(address, warn, listenAt), connections, stop };
  } catch (fault) {
    stop();
    throw fault;
  }
}

/** Answers the port. */
async function listenEverywhere(
  address: ListenAddress,
  warn: CheckListenerOptions['warn'],
  listenAt: (where: ListenOptions) => Promise<Server>,
): Promise<number | undefined> {
  if ('socket' in address) {
    await prepareSocket(address.socket, warn);
    const mask = process.umask(nobodyElse);
    try {
      await listenAt({ path: address.socket }).catch(fault => refuse(`unix:${address.socket}`, fault));
    } finally {
      process.umask(mask);
    }
    await chmod(address.socket, socketMode);
    return undefined;
  }
  const target = `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
  try {
    // A name such as localhost may stand for several addresses; all of them get the same port.
    const hosts = new Set((await lookup(address.host, { all: true })).map(found => found.address));
    let { port } = address;
    for (const host of hosts) {
      ({ port } = (await listenAt({ host, port })).address() as AddressInfo);
    }
    return port;
  } catch (fault) {
    return refuse(target, fault as NodeJS.ErrnoException);
  }
}

/** TLS ends here, so that what is given on holds plain bytes like any other connection. Newer certificates count from the next handshake. */
function tlsServer(certificates: Certificates, accept: (connection: Socket) => void): Server {
  const { context } = certificates;
  const asksClients = context.ca !== undefined;
  const server = createTlsServer({
    ...context,
    ALPNProtocols: ['h2'],
    requestCert: asksClients,
    rejectUnauthorized: asksClients,
    handshakeTimeout: handshakeTimeoutMs,
    noDelay: true,
  });
  server.on('secureConnection', accept);
  // Whoever does not come through the handshake is none of ours, and must not keep the process.
  server.on('tlsClientError', (_fault, socket) => socket.destroy());
  certificates.onRenewed(renewed => server.setSecureContext(renewed));
  return server;
}

function listen(server: Server, where: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      // No descriptor left, say: the connection is lost, the listener is not.
      server.on('error', () => undefined);
      resolve();
    });
  });
}

function refuse(target: string, { code, message }: NodeJS.ErrnoException): never {
  const why = code === 'EADDRINUSE' ? 'is taken by another process' : `can't be listened on (${message})`;
  throw new Error(`${target} ${why}: free it, or name another address with --check-listen (MODELGATE_CHECK_LISTEN)`);
}
