import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.ts';

/** By which names this server may be asked (T27). */
export interface HostRules {
  /** Beyond loopback and the address that was connected to: names, or NAME:PORT, in lower case. */
  readonly names: readonly string[];
  /** The setting that holds them, as errors name it. */
  readonly setting: string;
}

const loopbackNames = ['localhost', '127.0.0.1', '::1'];
const opsRoutes = ['/metrics', '/healthz', '/readyz'];
const safeMethods = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Refuses what was sent to a name that is none of ours, so that a page whose name an attacker points here reads nothing
 * (DNS rebinding), and a change that a page of another origin sends. For the ops routes any IP address will do, as
 * scrapers and probes use them: no name, nothing to rebind.
 */
export function requireKnownHost({ names, setting }: HostRules): (request: FastifyRequest) => Promise<void> {
  const isListed = ({ name, text }: Host) => names.includes(name) || names.includes(text);
  const isOurs = (host: Host, request: FastifyRequest) =>
    loopbackNames.includes(host.name) ||
    isListed(host) ||
    (isIP(host.name) !== 0 && (isOps(request) || host.name === plainAddress(request.socket.localAddress ?? '')));
  return async request => {
    const host = parseHost(request.headers.host);
    if (!host || !isOurs(host, request)) {
      const shown = host ? JSON.stringify(host.text.slice(0, shownLengthMax)) : 'none that can be read';
      throw new ApiError(
        'permission_denied',
        `the host of this request is ${shown}, which is no name of this server: if it is yours, add it to ${setting}`,
      );
    }
    const { origin } = request.headers;
    if (origin !== undefined && !safeMethods.includes(request.method)) {
      const from = parseOrigin(origin);
      if (!from || (from.text !== host.text && !isListed(from))) {
        throw new ApiError(
          'permission_denied',
          `this page is of another origin than this server: use the server's own pages, or add their host to ${setting}`,
        );
      }
    }
  };
}

/** Longest part of a host that an error repeats. */
const shownLengthMax = 100;

interface Host {
  /** Without port; an IPv6 address without brackets. */
  readonly name: string;
  /** With port, as it was sent, in lower case. */
  readonly text: string;
}

function parseHost(text: string | undefined): Host | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([0-9a-z._-]+))(?::\d{1,5})?$/.exec((text ?? '').toLowerCase());
  const name = match?.[1] ?? match?.[2];
  return name === undefined ? undefined : { name, text: (text as string).toLowerCase() };
}

/** What stands in an origin behind the scheme; a page without one says `null`. */
function parseOrigin(origin: string): Host | undefined {
  const match = /^https?:\/\/(.+)$/i.exec(origin);
  return parseHost(match?.[1]);
}

function isOps(request: FastifyRequest): boolean {
  return opsRoutes.includes(request.routeOptions.url ?? '');
}

/** An IPv4 address that a socket shows in IPv6's clothes, without them. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
