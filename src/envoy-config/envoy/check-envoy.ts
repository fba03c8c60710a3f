import type { ConfigNode } from '../documents/config-node.ts';
import { type Finding, finding, type Judged, joinJudged, type Limits, type Report } from '../finding.ts';
import { checkAsked, holdsForAll } from './check-asked.ts';
import { checkAuthzFilter } from './check-authz-filter.ts';
import { checkClusters, heldStreams } from './check-clusters.ts';
import { checkFiltersAround, isNamed } from './check-filters-around.ts';
import { checkManager } from './check-manager.ts';
import { checkRoutes } from './check-routes.ts';
import { checkUpgrades, upgradeChains } from './check-upgrades.ts';
import { addressesOf, loadOf } from './cluster-hosts.ts';
import { crossedNames } from './crossed-names.ts';
import { type Gateway, gatewaysOf, type Resources, unreadListeners } from './gateways.ts';
import { askersOf, reach } from './reach.ts';
import { severalBackends } from './several-backends.ts';
import { unreadOfGateway } from './unread-members.ts';
import { unstableRoutes } from './unstable-routes.ts';

/** Checks all listeners of a file together: what one of them guards, another must not leave open. */
export function checkEnvoy(resources: Resources, limits: Limits): Report {
  const gateways = gatewaysOf(resources);
  const guarded = gateways.filter(({ authz }) => authz.length > 0);
  const open = gateways.filter(({ authz }) => authz.length === 0);
  const around = open.map(gateway => ({ gateway, state: stateOf(gateway, guarded, resources) }));
  const judged = joinJudged([
    ...guarded.map(gateway => checkGuarded(gateway, limits)),
    checkClusters(resources, guarded),
    {
      findings: [],
      notChecked: [...crossedNames(guarded, resources.clusters), ...severalBackends(guarded, resources)],
    },
    { findings: [], notChecked: guarded.flatMap(unreadOfGateway) },
    { findings: [], notChecked: guarded.flatMap(unstableRoutes) },
  ]);
  const bypasses = around.filter(({ state }) => state === 'bypass').map(({ gateway }) => gateway);
  const closed = around.filter(({ state }) => state === 'closed').map(({ gateway }) => gateway);
  return {
    findings: [
      ...judged.findings,
      ...closed.map(({ manager }) => finding('everything-refused', manager.get('http_filters'), wholeFilter(limits))),
      ...bypasses.map(({ manager, http }) =>
        finding('no-ext-authz', http ? manager.get('http_filters') : manager, wholeFilter(limits)),
      ),
    ],
    checked: [
      ...[...guarded, ...bypasses, ...closed].map(describe),
      ...heldStreams(resources.clusters, guarded),
      ...around
        .filter(({ state }) => state === 'other')
        .map(({ gateway }) => `listener ${gateway.name}: it leads to no cluster that a checked one leads to`),
    ],
    notChecked: [
      ...(guarded.length + bypasses.length + closed.length === 0 ? [nobodyAsks] : []),
      ...judged.notChecked,
      ...unreadListeners(resources),
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

const nobodyAsks = 'which requests are checked: no listener in this file asks Modelgate';

/** One chain of filters that asks Modelgate; an upgrade may have another one of its own. */
function checkGuarded(gateway: Gateway, limits: Limits): Judged {
  return joinJudged([
    checkChain(gateway, limits),
    ...upgradeChains(gateway).map(chain => checkChain(chain, limits)),
    { findings: checkManager(gateway, limits), notChecked: [] },
    { findings: checkUpgrades(gateway), notChecked: [] },
    { findings: gateway.routes ? checkRoutes(gateway, gateway.routes, limits) : [], notChecked: [] },
  ]);
}

function checkChain(gateway: Gateway, limits: Limits): Judged {
  const findings = gateway.authz.flatMap(({ config, skippedBy }): readonly Finding[] => [
    ...checkAuthzFilter(config, limits),
    ...(skippedBy
      ? [finding('check-disabled', skippedBy, '# no SkipFilter: put the filter itself here, without a matcher')]
      : []),
  ]);
  return joinJudged([{ findings, notChecked: [] }, checkAsked(gateway), checkFiltersAround(gateway)]);
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

/** By an rbac filter that denies everybody everything, as istiod puts it for a provider that it does not know. */
function refuses({ filters, routes }: Gateway): boolean {
  return filters
    .filter(filter => filter.kind === 'rbac' && !filter.disabled && !isNamed(filter, routes))
    .map(({ config }) => config.get('rules'))
    .some(rules => rules.get('action').text === 'DENY' && holdsForAll(rules));
}

type State = 'bypass' | 'closed' | 'other' | 'unknown';

/** Whether a listener without a check leads to where a checked one leads; with none checked, every HTTP one does. */
function stateOf(gateway: Gateway, guarded: readonly Gateway[], resources: Resources): State {
  if (refuses(gateway)) {
    return 'closed';
  }
  if (guarded.length === 0) {
    return gateway.http && !leadsToAdminAlone(gateway, resources) ? 'bypass' : 'other';
  }
  if (gateway.http && gateway.routes === undefined) {
    return 'unknown';
  }
  const own = reach(gateway);
  const theirs = guarded.map(reach);
  const askers = askersOf(guarded);
  const models = own.names.filter(name => !askers.has(name));
  const shared = models.some(name => theirs.some(({ names, any }) => any || names.includes(name)));
  return own.any || shared ? 'bypass' : 'other';
}

/** Nowhere, or to Envoy's own admin port, as Envoy Gateway's listener for metrics does. */
function leadsToAdminAlone(gateway: Gateway, { clusters, assignments, admins }: Resources): boolean {
  const { names, any } = reach(gateway);
  const led = clusters.filter(cluster => names.includes(cluster.get('name').text ?? ''));
  const addresses = led.flatMap(cluster => addressesOf(loadOf(cluster, assignments) ?? cluster));
  const known = led.length === new Set(names).size && addresses.length >= led.length;
  return !any && known && addresses.every(address => admins.includes(address));
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
