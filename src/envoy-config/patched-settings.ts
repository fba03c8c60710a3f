import { isJudged } from './check-fragment.ts';
import { type ConfigNode, canonical } from './documents/config-node.ts';
import { isAuthzMember } from './envoy/check-authz-filter.ts';
import { isKnownFilter } from './envoy/check-filters-around.ts';
import { isKnownMember } from './envoy/known-members.ts';

/** Members of Envoy's messages that only hold others. */
const containers = names(
  'checkSettings commonHttpProtocolOptions config explicitHttpConfig http2ProtocolOptions http3ProtocolOptions',
  'httpProtocolOptions route typedConfig typedExtensionProtocolOptions typedPerFilterConfig value virtualHosts',
);

/** They decide where a request goes, who is asked for it, or which filters it runs through. */
const steering = names(
  'additionalAddresses address cluster clusterSpecifierPlugin clusterSpecifierPlugins clusterType',
  'defaultFilterChain domains edsClusterConfig filterChainMatch filterChainMatcher filterChains filters grpcService',
  'httpFilters inlineClusterSpecifierPlugin internalListener lbSubsetConfig listenerFilters loadAssignment',
  'loadBalancingPolicy match matcher metadataMatch originalDstLbConfig rds routeConfig scopedRoutes',
  'transportSocketMatcher transportSocketMatches type useOriginalDst vhds vhostHeader weightedClusters',
);

/** Whether a member, in camelCase, holds or steers what the check depends on. */
export function isStructural(name: string): boolean {
  return containers.has(name) || steering.has(name) || name === 'routes';
}

/**
 * The settings in a patch's value by which a request may take another way, and those of which nothing is known. What is
 * judged by its value, and whole routes, are left out: see checkFragment and checkAddedRoutes. `name` is the value's own.
 */
export function unreadSettings(value: ConfigNode, name = ''): readonly ConfigNode[] {
  if (!value.exists || isRead(value, name)) {
    return [];
  }
  if (name !== '' && !containers.has(name)) {
    return isHarmless(name) ? [] : [value];
  }
  const below = value.isList
    ? value.items.map(item => [item, ''] as const)
    : value.members.map(member => [member, canonical(member.key)] as const);
  return name === 'typedPerFilterConfig'
    ? below.flatMap(([entry]) => unreadEntry(entry))
    : below.flatMap(([member, own]) =>
        name === 'typedExtensionProtocolOptions' ? unreadSettings(member) : unreadSettings(member, own),
      );
}

function isRead({ parent }: ConfigNode, name: string): boolean {
  const ofCluster = /HttpProtocolOptions$/.test(parent?.get('@type').text ?? '');
  const added = parent?.get('routes').isList === true;
  return (
    name === 'routes' || (name === 'domains' && added) || (isJudged(name) && (name !== 'httpFilters' || ofCluster))
  );
}

function isHarmless(name: string): boolean {
  return /^(@type|typeUrl|name)$/.test(name) || (!steering.has(name) && (isKnownMember(name) || isAuthzMember(name)));
}

/** Settings of a filter for a route; the check's own are read. */
function unreadEntry(entry: ConfigNode): readonly ConfigNode[] {
  return /ext_authz/.test(entry.key) ? unreadSettings(entry) : isKnownFilter(entry.key) ? [] : [entry];
}

function names(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap(line => line.split(' ')));
}
