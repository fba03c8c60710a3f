import { decidedNames } from './check-upstream.ts';
import type { Gateway } from './gateways.ts';
import { clustersOf, mirrorsOf, modelRoutes } from './routes.ts';

/** One way out of a route: the models for which the decision leads there, and the clusters. */
export interface Way {
  /** Empty where a header says it, or nothing. */
  readonly names: readonly string[];
  readonly to: readonly string[];
  readonly path: string;
}

/** Every way out of the routes of checked listeners; copies of requests are ways too. */
export function decidedWays(guarded: readonly Gateway[]): readonly Way[] {
  return guarded.flatMap(waysOf);
}

function waysOf(gateway: Gateway): readonly Way[] {
  const routes = gateway.routes === undefined ? [] : modelRoutes(gateway.routes);
  return routes.flatMap(route => {
    const weighted = route.action.get('weighted_clusters', 'clusters').items;
    const path = route.node.place.path;
    const mirrors = mirrorsOf(route).flatMap(mirror => clustersOf(mirror).names);
    const copies: Way = { names: decidedNames(gateway, route), to: mirrors, path };
    const ways: readonly Way[] =
      weighted.length === 0
        ? [{ names: decidedNames(gateway, route), to: clustersOf(route.action).names, path }]
        : weighted.map(way => ({ names: decidedNames(gateway, route, [way]), to: [way.get('name').text ?? ''], path }));
    return [...ways, copies];
  });
}
