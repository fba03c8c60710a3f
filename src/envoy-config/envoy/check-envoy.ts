import type { ConfigNode } from '../documents/config-node.ts';
import { type Finding, finding, type Limits, type Report } from '../finding.ts';
import { checkAuthzFilter } from './check-authz-filter.ts';
import { checkManager } from './check-manager.ts';
import { checkRoutes } from './check-routes.ts';
import { checkUpgrades } from './check-upgrades.ts';
import { type Gateway, gatewaysOf, type Resources } from './gateways.ts';
import { checkCluster } from './http-filter.ts';
import { clustersOf, modelRoutes } from './routes.ts';

/** Checks all listeners of a file together: what one of them guards, another must not leave open. */
export function checkEnvoy(resources: Resources, limits: Limits): Report {
  const gateways = gatewaysOf(resources);
  const guarded = gateways.filter(({ authz }) => authz.length > 0);
  const open = gateways.filter(({ authz }) => authz.length === 0);
  const around = open.map(gateway => ({ gateway, state: stateOf(gateway, guarded) }));
  const bypasses = around.filter(({ state }) => state === 'bypass').map(({ gateway }) => gateway);
  return {
    findings: [
      ...guarded.flatMap(gateway => checkGuarded(gateway, limits)),
      ...bypasses.map(({ manager, http }) =>
        finding('no-ext-authz', http ? manager.get('http_filters') : manager, wholeFilter(limits)),
      ),
    ],
    checked: [
      ...[...guarded, ...bypasses].map(describe),
      ...around
        .filter(({ state }) => state === 'other')
        .map(({ gateway }) => `listener ${gateway.name}: it leads to no cluster that a checked one leads to`),
    ],
    notChecked: [
      ...guarded.flatMap(({ name, routes }) => elsewhere(routes).map(what => `${what} of listener ${name}`)),
      ...around
        .filter(({ state }) => state === 'unknown')
        .map(({ gateway }) => `listener ${gateway.name}: it has no ext_authz, and its routes are not in this file`),
      ...guarded
        .filter(({ routes }) => routes === undefined)
        .map(({ name }) => `routes of listener ${name}: they are not in this file; a /config_dump has them`),
    ],
  };
}

function checkGuarded(gateway: Gateway, limits: Limits): readonly Finding[] {
  return [
    ...gateway.authz.flatMap(({ config }) => checkAuthzFilter(config, limits)),
    ...gateway.authz.flatMap(({ skippedBy }) =>
      skippedBy
        ? [finding('check-disabled', skippedBy, '# no SkipFilter: put the filter itself here, without a matcher')]
        : [],
    ),
    ...checkManager(gateway, limits),
    ...checkUpgrades(gateway),
    ...(gateway.routes ? checkRoutes(gateway, gateway.routes, limits) : []),
  ];
}

function describe({ name, filters, http }: Gateway): string {
  const kinds = filters.map(filter => filter.kind || filter.name).join(', ');
  return `listener ${name} (${http ? `HTTP filters: ${kinds || 'none'}` : 'TCP proxy'})`;
}

/** Ways of choosing a route that are not read here. */
function elsewhere(routes: ConfigNode | undefined): readonly string[] {
  const hosts = routes?.get('virtual_hosts').items ?? [];
  return [
    ...(routes?.get('vhds').exists ? ['virtual hosts by vhds'] : []),
    ...(hosts.some(host => host.get('matcher').exists) ? ['routes by a matcher'] : []),
  ];
}

type State = 'bypass' | 'other' | 'unknown';

/** Whether a listener without a check leads to where a checked one leads; with none checked, every HTTP one does. */
function stateOf(gateway: Gateway, guarded: readonly Gateway[]): State {
  if (guarded.length === 0) {
    return gateway.http && (gateway.routes === undefined || modelRoutes(gateway.routes).length > 0)
      ? 'bypass'
      : 'other';
  }
  if (gateway.http && gateway.routes === undefined) {
    return 'unknown';
  }
  const own = reach(gateway);
  const theirs = guarded.map(reach);
  const askers = new Set(guarded.flatMap(({ authz }) => authz.map(({ config }) => checkCluster(config))));
  const models = own.names.filter(name => !askers.has(name));
  const shared = models.some(name => theirs.some(({ names, any }) => any || names.includes(name)));
  return own.any || shared ? 'bypass' : 'other';
}

/** Of a listener whose routes are elsewhere, anywhere. */
function reach({ manager, routes, http }: Gateway): { readonly names: readonly string[]; readonly any: boolean } {
  if (http && routes === undefined) {
    return { names: [], any: true };
  }
  const actions: readonly ConfigNode[] = http
    ? routes
      ? modelRoutes(routes).map(({ action }) => action)
      : []
    : [manager];
  const all = actions.map(clustersOf);
  return { names: all.flatMap(({ names }) => names), any: all.some(({ any }) => any) };
}

function wholeFilter({ bodyBytesMax }: Limits): string {
  return [
    '- name: envoy.filters.http.ext_authz # the first of http_filters',
    '  typed_config:',
    '    "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz',
    '    transport_api_version: V3',
    '    grpc_service: { envoy_grpc: { cluster_name: modelgate }, timeout: 0.5s }',
    '    failure_mode_allow: false',
    '    status_on_error: { code: ServiceUnavailable }',
    `    with_request_body: { max_request_bytes: ${bodyBytesMax}, allow_partial_message: true, pack_as_bytes: true }`,
    '    clear_route_cache: true',
  ].join('\n');
}
