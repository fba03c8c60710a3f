import type { ConfigNode } from '../documents/config-node.ts';
import type { Gateway } from './gateways.ts';
import { checkCluster } from './http-filter.ts';
import { clustersOf, mirrorsOf, modelRoutes } from './routes.ts';

/** Clusters that a listener leads to; `any`: to all, as a header says, or by routes that are elsewhere. */
export interface Reach {
  readonly names: readonly string[];
  readonly any: boolean;
}

export function reach({ manager, routes, http }: Gateway): Reach {
  if (http && routes === undefined) {
    return { names: [], any: true };
  }
  const actions: readonly ConfigNode[] = http
    ? routes
      ? modelRoutes(routes).flatMap(route => [route.action, ...mirrorsOf(route)])
      : []
    : [manager];
  const all = actions.map(clustersOf);
  return { names: all.flatMap(({ names }) => names), any: all.some(({ any }) => any) };
}

/** Clusters that are asked for decisions: nobody's model. */
export function askersOf(guarded: readonly Gateway[]): ReadonlySet<string> {
  return new Set(guarded.flatMap(({ authz }) => authz.map(({ config }) => checkCluster(config))));
}
