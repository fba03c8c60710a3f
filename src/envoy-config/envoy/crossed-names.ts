import { servicesOf } from './cluster-hosts.ts';
import { decidedWays } from './decided-ways.ts';
import type { Gateway, Resources } from './gateways.ts';
import { serviceOf } from './service-names.ts';

/**
 * Routes by which the decision for one model leads to a cluster, or a Service behind it, that goes by the name of another,
 * or that does not go by its own though one does.
 */
export function crossedNames(
  guarded: readonly Gateway[],
  { clusters, assignments }: Pick<Resources, 'clusters' | 'assignments'>,
): readonly string[] {
  const ways = decidedWays(guarded);
  const services = new Map(clusters.map(it => [it.get('name').text ?? '', servicesOf(it, assignments)]));
  const written = new Set([...services.values()].flat());
  const decided = new Set(ways.flatMap(({ names }) => names));
  return ways.flatMap(({ names, to, path }) =>
    to.flatMap(cluster =>
      (services.get(cluster) ?? [serviceOf(cluster)]).flatMap(service =>
        names
          .filter(name => name !== service && (written.has(name) || decided.has(service)))
          .map(
            name => `whether ${described(cluster, service)} serves the model ${name}, for which ${path} leads there`,
          ),
      ),
    ),
  );
}

function described(cluster: string, service: string): string {
  return cluster.includes(service) ? `cluster ${cluster}` : `Service ${service} of cluster ${cluster}`;
}
