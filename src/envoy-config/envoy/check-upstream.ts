import { isDeciding, isListOfNames, listedNames, pinKey } from '../decided-upstream.ts';
import type { ConfigNode } from '../documents/config-node.ts';
import { type Finding, finding, findingIf } from '../finding.ts';
import type { Gateway } from './gateways.ts';
import type { HttpFilter } from './http-filter.ts';
import { type ModelRoute, mirrorsOf } from './routes.ts';
import { typedConfig } from './typed-config.ts';

/** Who chooses the upstream must be the check: by its header, or by a pin that binds the decision to the route (B6a). */
export function checkUpstream({ authz }: Pick<Gateway, 'authz'>, route: ModelRoute): readonly Finding[] {
  const { node, action, around } = route;
  const weighted = action.get('weighted_clusters', 'clusters').items;
  const ways = weighted.length === 0 ? [action] : weighted;
  const mirrors = mirrorsOf(route);
  const settled = node.get('match', 'headers').items.some(isSettling);
  const pinned = (more: readonly ConfigNode[]) =>
    authz.length > 0 && authz.every(filter => [...more, ...around].some(holder => isPin(holder, filter)));
  return [
    ...ways.flatMap(way => checkWay(way, settled || pinned(way === action ? [] : [way]), authz)),
    ...mirrors.flatMap(way => checkWay(way, settled || pinned([]), authz)),
  ];
}

/** One place that requests of a route may go to: the action itself, a weighted cluster, a mirror. */
function checkWay(way: ConfigNode, bound: boolean, authz: readonly HttpFilter[]): readonly Finding[] {
  const header = way.get('cluster_header');
  const [plugin] = ['cluster_specifier_plugin', 'inline_cluster_specifier_plugin']
    .map(name => way.get(name))
    .filter(({ exists }) => exists);
  if (header.exists) {
    return findingIf(!isDeciding(header.text), 'upstream-not-decided', header, 'cluster_header: x-modelgate-target');
  }
  if (plugin) {
    return [finding('upstream-not-decided', plugin, '# cluster_header: x-modelgate-target in its place')];
  }
  const named = way.get('name').exists ? way.get('name') : way.get('cluster');
  return findingIf(!bound, 'upstream-not-decided', named, pinning(authz[0]));
}

/** Names of models for which the decision leads to a route: by its match, or by its pin. Empty for a header's word. */
export function decidedNames(
  { authz }: Pick<Gateway, 'authz'>,
  route: ModelRoute,
  more: readonly ConfigNode[] = [],
): readonly string[] {
  const matched = route.node
    .get('match', 'headers')
    .items.filter(isSettling)
    .flatMap(header => exactOf(header) || listedNames(regexOf(header)));
  const pins = authz.flatMap(filter => [...more, ...route.around].map(holder => pinOf(holder, filter)));
  return [...matched, ...pins.filter(name => name !== '').slice(0, 1)];
}

/** Takes one model's name, or some, and nothing else: a prefix would take the names of other models too. */
function isSettling(header: ConfigNode): boolean {
  const match = header.get('string_match');
  return (
    isDeciding(header.get('name').text) &&
    !header.get('invert_match').isTrue &&
    !match.get('ignore_case').isTrue &&
    (exactOf(header) !== '' || isListOfNames(regexOf(header)))
  );
}

function exactOf(header: ConfigNode): string {
  return header.get('string_match', 'exact').text ?? header.get('exact_match').text ?? '';
}

function regexOf(header: ConfigNode): string | undefined {
  return header.get('string_match', 'safe_regex', 'regex').text ?? header.get('safe_regex_match', 'regex').text;
}

/** Whether the route, or a cluster of its weighted ones, has a pin of its own or of what stands around it. */
export function isPinnedRoute({ authz }: Pick<Gateway, 'authz'>, { action, around }: ModelRoute): boolean {
  const holders = [...around, ...action.get('weighted_clusters', 'clusters').items];
  return authz.some(filter => holders.some(holder => isPin(holder, filter)));
}

/** Envoy joins the extensions of a route with those of what stands around it. */
function isPin(holder: ConfigNode, filter: HttpFilter): boolean {
  return pinOf(holder, filter) !== '';
}

function pinOf(holder: ConfigNode, { name }: HttpFilter): string {
  const { type, config } = typedConfig(holder.get('typed_per_filter_config', name));
  const settings = type.endsWith('.FilterConfig') ? typedConfig(config.get('config')).config : config;
  return settings.get('check_settings', 'context_extensions', pinKey).text ?? '';
}

function pinning(filter: HttpFilter | undefined): string {
  const type = 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute';
  return [
    '# cluster_header: x-modelgate-target in its place; or, on the route, the id of the model that is behind it:',
    `typed_per_filter_config: { "${filter?.name ?? ''}": { "@type": ${type}, check_settings: { context_extensions: { ${pinKey}: MODEL } } } }`,
  ].join('\n');
}
