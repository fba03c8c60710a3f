import type { ConfigNode } from '../documents/config-node.ts';
import { loadOf } from './cluster-hosts.ts';
import { decidedWays, type Way } from './decided-ways.ts';
import type { Gateway, Resources } from './gateways.ts';

/** Envoy Gateway names clusters after rules, and localities after the rule's backends, by number: no Service stands there. */
const anonymous = /^(http|grpc)route\//;

/** Models for which a rule of Envoy Gateway leads to several backends, or mirrors to one: a dump does not say to whom. */
export function severalBackends(
  guarded: readonly Gateway[],
  { clusters, assignments }: Pick<Resources, 'clusters' | 'assignments'>,
): readonly string[] {
  const backends = (name: string) =>
    clusters.filter(it => it.get('name').text === name).flatMap(it => backendsOf(it, assignments));
  const all = decidedWays(guarded).filter(isAnonymous);
  return [...new Set(all.map(({ path }) => path))].flatMap(path => {
    const ways = all.filter(way => way.path === path);
    const led = new Set(ways.flatMap(({ to }) => to));
    const regions = new Set([...led].flatMap(backends));
    const names = new Set(ways.flatMap(way => way.names));
    return Math.max(led.size, regions.size) > 1
      ? [
          `whether all backends to which ${path} leads serve the model ${[...names].join(' or ')}: the dump has not their names`,
        ]
      : [];
  });
}

function isAnonymous({ names, to }: Way): boolean {
  return names.length > 0 && to.some(cluster => anonymous.test(cluster));
}

function backendsOf(cluster: ConfigNode, assignments: readonly ConfigNode[]): readonly string[] {
  const localities = loadOf(cluster, assignments)?.get('endpoints').items ?? [];
  return localities.map(locality => locality.get('locality', 'region').text ?? '').filter(region => region !== '');
}
