import type { FastifyInstance, FastifyRequest } from 'fastify';
import { documentedPath } from '../openapi/documented-path.ts';

/** Told of every answered request: its route as `routeOf` names it, and the time that the answer took. */
export type Observe = (method: string, route: string, status: number, seconds: number) => void;

/** The route as the API's document names it, never the path that was asked for; `none` where nothing is there. */
export function routeOf({ routeOptions: { url } }: FastifyRequest): string {
  return url === undefined ? 'none' : documentedPath(url);
}

export function observeAnswers(server: FastifyInstance, observe: Observe): void {
  server.addHook('onResponse', async (request, reply) => {
    observe(request.method, routeOf(request), reply.statusCode, reply.elapsedTime / 1000);
  });
}
