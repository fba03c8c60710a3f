import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/**
 * Where a request came from: the peer, or what trusted proxies say of it in X-Forwarded-For, read from right to left up to
 * the first address that is none of theirs. An entry that is no address counts for nothing: its proxy's own is told.
 */
export function callerAddress({ ip, ips = [] }: Pick<FastifyRequest, 'ip' | 'ips'>): string {
  return ips.findLast(address => isIP(address) !== 0) ?? ip;
}
