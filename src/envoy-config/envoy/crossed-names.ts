import type { ConfigNode } from '../documents/config-node.ts';
import { decidedNames } from './check-upstream.ts';
import type { Gateway } from './gateways.ts';
import { clustersOf, mirrorsOf, modelRoutes } from './routes.ts';

/**
 * Routes by which the decision for one model leads to a cluster that goes by the name of another, though one of its own
 * name is there. Names that control planes give to clusters say nothing of models, and are not compared.
 */
export function crossedNames(guarded: readonly Gateway[], clusters: readonly ConfigNode[]): readonly string[] {
  const ways = guarded.flatMap(gateway => (gateway.routes ? waysOf(gateway, gateway.routes) : []));
  const written = new Set(clusters.map(cluster => cluster.get('name').text ?? ''));
  const decided = new Set(ways.flatMap(({ names }) => names));
  return ways.flatMap(({ names, to, path }) =>
    to.flatMap(cluster =>
      names
        .filter(name => name !== cluster && (written.has(name) || decided.has(cluster)))
        .map(name => `whether cluster ${cluster} serves the model ${name}, for which ${path} leads there`),
    ),
  );
}

interface Way {
  readonly names: readonly string[];
  readonly to: readonly string[];
  readonly path: string;
}

function waysOf(gateway: Gateway, routes: ConfigNode): readonly Way[] {
  return modelRoutes(routes).flatMap(route => {
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
