import type { ConfigNode } from '../documents/config-node.ts';
import { decidedWays } from './decided-ways.ts';
import type { Gateway } from './gateways.ts';
import { serviceOf } from './service-names.ts';

/**
 * Routes by which the decision for one model leads to a cluster, or a Service in the names that Istio gives, that goes by
 * the name of another, or that does not go by its own though one does.
 */
export function crossedNames(guarded: readonly Gateway[], clusters: readonly ConfigNode[]): readonly string[] {
  const ways = decidedWays(guarded);
  const written = new Set(clusters.map(cluster => serviceOf(cluster.get('name').text ?? '')));
  const decided = new Set(ways.flatMap(({ names }) => names));
  return ways.flatMap(({ names, to, path }) =>
    to.flatMap(cluster => {
      const service = serviceOf(cluster);
      return names
        .filter(name => name !== service && (written.has(name) || decided.has(service)))
        .map(name => `whether cluster ${cluster} serves the model ${name}, for which ${path} leads there`);
    }),
  );
}
