import type { ConfigNode } from '../documents/config-node.ts';

/** A route with what stands round it, nearest first. */
export interface ModelRoute {
  readonly node: ConfigNode;
  readonly action: ConfigNode;
  readonly around: readonly ConfigNode[];
}

/** Every route, also one that answers by itself: before the check a call may be on any, and is asked for by its settings. */
export function allRoutes(routeConfig: ConfigNode): readonly ModelRoute[] {
  return routeConfig
    .get('virtual_hosts')
    .items.flatMap(host =>
      host.get('routes').items.map(node => ({ node, action: node.get('route'), around: [node, host, routeConfig] })),
    );
}

/** Those that lead to a cluster. */
export function modelRoutes(routeConfig: ConfigNode): readonly ModelRoute[] {
  return allRoutes(routeConfig).filter(({ action }) => action.exists);
}

/** Where copies of a route's requests go, as it says and what stands around it. */
export function mirrorsOf({ action, around }: ModelRoute): readonly ConfigNode[] {
  return [action, ...around].flatMap(holder => holder.get('request_mirror_policies').items);
}

/** Clusters that a route or TCP proxy names, and whether it may lead to any, as a header says. */
export function clustersOf(action: ConfigNode): { readonly names: readonly string[]; readonly any: boolean } {
  const weighted = action.get('weighted_clusters', 'clusters').items;
  const nodes = [action, ...weighted];
  const names = nodes.flatMap(node => [node.get('cluster').text, node.get('name').text]);
  return {
    names: names.filter(name => name !== undefined),
    any: nodes.some(node => node.get('cluster_header').exists),
  };
}

const everyPath = new Set(['', '.*', '/.*', '^.*$', '^/.*', '^/.*$', '.+', '/.+']);
/** What a match may say and still match everything. */
const harmless = new Set(['prefix', 'safe_regex', 'safeRegex', 'case_sensitive', 'caseSensitive']);

/** Whether no request escapes this match. */
export function matchesAll(match: ConfigNode): boolean {
  const prefix = match.get('prefix').text;
  const regex = match.get('safe_regex', 'regex').text;
  const path = prefix === '/' || prefix === '' || (regex !== undefined && everyPath.has(regex));
  const narrower = match.members.some(
    member => !harmless.has(member.key) && member.exists && !(member.isList && member.items.length === 0),
  );
  return path && !narrower;
}

const ownHeader = /^x-modelgate-/i;

/** Whether the route depends on a header that the check sets. */
export function waitsForCheck({ node, action }: ModelRoute): boolean {
  const headers = node.get('match', 'headers').items.map(header => header.get('name').text);
  const chosen = [action, ...action.get('weighted_clusters', 'clusters').items].map(
    it => it.get('cluster_header').text,
  );
  return [...headers, ...chosen].some(name => ownHeader.test(name ?? ''));
}
