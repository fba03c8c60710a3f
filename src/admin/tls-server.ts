import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import type { FastifyServerFactory } from 'fastify';
import type { Certificates } from '../tls/certificates.ts';

/** Time for a handshake, in milliseconds: two round trips and a signature. */
const handshakeTimeoutMs = 10_000;

/** The option by which fastify serves HTTPS, with newer certificates as they come. */
export function tlsServer(certificates: Certificates): { readonly serverFactory: FastifyServerFactory } {
  return {
    serverFactory: (handler, options) => {
      const server = createServer({ ...certificates.context, handshakeTimeout: handshakeTimeoutMs }, handler);
      // With a factory fastify leaves these to it.
      const { keepAliveTimeout, requestTimeout } = options as { keepAliveTimeout: number; requestTimeout: number };
      Object.assign(server, { keepAliveTimeout, requestTimeout });
      certificates.onRenewed(context => server.setSecureContext(context));
      // Node.js would close only those that have come through the handshake, and wait for the others.
      const sockets = new Set<Socket>();
      server.on('connection', (socket: Socket) => {
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
      });
      server.closeAllConnections = () => {
        for (const socket of sockets) {
          socket.destroy();
        }
      };
      return server;
    },
  };
}
