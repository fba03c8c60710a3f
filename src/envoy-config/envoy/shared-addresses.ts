import type { ConfigNode } from '../documents/config-node.ts';
import { addressesOf, loadOf } from './cluster-hosts.ts';
import { decidedWays, type Way } from './decided-ways.ts';
import type { Gateway, Resources } from './gateways.ts';
import { reach } from './reach.ts';

/**
 * One address behind two models is one server, which may take a call for either; and clusters whose hosts are not in the
 * file, of which that can't be told. `models` are those that checked listeners lead to.
 */
export function sharedAddresses(
  models: readonly ConfigNode[],
  guarded: readonly Gateway[],
  { assignments }: Pick<Resources, 'assignments'>,
): readonly string[] {
  const ways = decidedWays(guarded);
  const any = guarded.some(gateway => reach(gateway).any);
  const owners = new Map<string, Set<string>>();
  const unknown: string[] = [];
  for (const cluster of models) {
    const name = cluster.get('name').text ?? '';
    const load = loadOf(cluster, assignments);
    if (load === undefined) {
      unknown.push(name);
    }
    for (const address of load === undefined ? [] : addressesOf(load)) {
      const own = ownersOf(name, ways, any);
      owners.set(address, new Set([...(owners.get(address) ?? []), ...own]));
    }
  }
  const shared = [...owners].filter(([, names]) => names.size > 1);
  return [
    ...shared.map(([address, names]) => `which model serves at ${address}: ${[...names].join(', ')} all lead there`),
    ...(unknown.length === 0 ? [] : [`hosts of ${unknown.join(', ')}: ${elsewhere}`]),
  ];
}

const elsewhere = 'they are not in this file; /config_dump?include_eds has them';

/** The models that are decided on where this cluster is taken; by a header that is its own name. */
function ownersOf(cluster: string, ways: readonly Way[], any: boolean): readonly string[] {
  const decided = ways
    .filter(({ names, to }) => to.includes(cluster) && names.length > 0)
    .map(({ names }) => [...names].sort().join(' or '));
  return any || decided.length === 0 ? [...decided, cluster] : decided;
}
