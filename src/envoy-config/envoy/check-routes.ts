import type { ConfigNode } from '../documents/config-node.ts';
import { type Finding, finding, findingIf, type Limits } from '../finding.ts';
import { takesGrpcOnly } from '../grpc-calls.ts';
import { checkBody } from './check-authz-filter.ts';
import { checkRewriting } from './check-upgrades.ts';
import { checkUpstream } from './check-upstream.ts';
import type { Gateway } from './gateways.ts';
import type { HttpFilter } from './http-filter.ts';
import { allRoutes, type ModelRoute, matchesAll, modelRoutes, waitsForCheck } from './routes.ts';
import { typedConfig } from './typed-config.ts';

/** What the routes of a listener that asks Modelgate can do wrong. */
export function checkRoutes(gateway: Gateway, routeConfig: ConfigNode, limits: Limits): readonly Finding[] {
  const routes = modelRoutes(routeConfig);
  return [
    ...checkCatchAll(routeConfig),
    ...checkClearing(gateway, routes),
    ...once(routes.flatMap(route => checkGuard(gateway, route, routes))),
    ...once(
      allRoutes(routeConfig).flatMap(route =>
        gateway.authz.flatMap(filter => checkCheckSettings(filter, route, limits)),
      ),
    ),
    ...routes.flatMap(({ action }) => checkAction(action)),
    ...once(routes.flatMap(route => checkUpstream(gateway, route))),
    ...once(routes.flatMap(checkRewriting)),
  ];
}

function checkCatchAll(routeConfig: ConfigNode): readonly Finding[] {
  return routeConfig.get('virtual_hosts').items.flatMap(host => {
    const routes = host.get('routes');
    const leads = routes.items.some(route => route.get('route').exists);
    const complete = routes.items.some(route => matchesAll(route.get('match')));
    const write =
      '- { match: { prefix: "/" }, route: { cluster_header: x-modelgate-target, timeout: 0s } } # the last route';
    return findingIf(leads && !complete, 'no-catch-all-route', routes, write);
  });
}

function checkClearing({ authz }: Gateway, routes: readonly ModelRoute[]): readonly Finding[] {
  return routes.some(waitsForCheck)
    ? authz.flatMap(({ config }) => {
        const clear = config.get('clear_route_cache');
        return findingIf(!clear.isTrue, 'missing-clear-route-cache', clear, 'clear_route_cache: true');
      })
    : [];
}

/** Whether a filter runs on a route, and what says so. */
interface Switch {
  readonly on: boolean;
  readonly by: ConfigNode;
}

function checkGuard(gateway: Gateway, route: ModelRoute, routes: readonly ModelRoute[]): readonly Finding[] {
  const weighted = route.action.get('weighted_clusters', 'clusters').items;
  const ways = weighted.length === 0 ? [route.around] : weighted.map(cluster => [cluster, ...route.around]);
  return ways.flatMap(around => {
    const switches = gateway.authz.map(filter => switchOf(filter, around));
    const [off] = switches;
    if (off === undefined || switches.some(({ on }) => on)) {
      return [];
    }
    const explicit = switches.find(({ by }) => by.key === 'disabled' && !isFilterSwitch(by, gateway)) ?? off;
    const elsewhere = routes.some(other => gateway.authz.some(filter => switchOf(filter, other.around).on));
    // Where other routes switch the filter on, this one forgot to.
    const by = isFilterSwitch(explicit.by, gateway) && elsewhere ? route.node : explicit.by;
    const atFilter = isFilterSwitch(by, gateway) ? 'disabled: false' : withoutEntry;
    const write = by === route.node ? enabling(gateway.authz[0]) : atFilter;
    return [finding('check-disabled', by, write)];
  });
}

/** Envoy takes no entry that says nothing, so it is to go as a whole. */
export const withoutEntry = '# no entry for ext_authz in this typed_per_filter_config';

function isFilterSwitch(by: ConfigNode, { authz }: Gateway): boolean {
  return authz.some(({ node }) => by.parent === node);
}

function enabling(filter: HttpFilter | undefined): string {
  const type = 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute';
  return `typed_per_filter_config: { "${filter?.name ?? ''}": { "@type": ${type}, check_settings: {} } }`;
}

/** The nearest setting counts. */
function switchOf(filter: HttpFilter, around: readonly ConfigNode[]): Switch {
  for (const holder of around) {
    const setting = perFilter(holder, filter);
    if (setting.exists) {
      const off = disabledIn(setting);
      return { on: off === undefined, by: off ?? setting };
    }
  }
  return { on: !filter.disabled, by: filter.node.get('disabled') };
}

function perFilter(holder: ConfigNode, { name }: HttpFilter): ConfigNode {
  return holder.get('typed_per_filter_config', name);
}

/** ExtAuthzPerRoute may say it, and FilterConfig, which may hold the former. */
function disabledIn(setting: ConfigNode): ConfigNode | undefined {
  const { type, config } = typedConfig(setting);
  const disabled = config.get('disabled');
  const inner = config.get('config');
  return disabled.isTrue ? disabled : type.endsWith('.FilterConfig') && inner.exists ? disabledIn(inner) : undefined;
}

/** Per-route settings may send less of the body than the filter does; only streaming gRPC can't wait for it. */
function checkCheckSettings(filter: HttpFilter, route: ModelRoute, limits: Limits): readonly Finding[] {
  return route.around.flatMap(holder => {
    const { type, config } = typedConfig(perFilter(holder, filter));
    const settings = (type.endsWith('.FilterConfig') ? config.get('config') : config).get('check_settings');
    const unbuffered = settings.get('disable_request_body_buffering');
    const body = settings.get('with_request_body');
    const streaming = takesGrpcOnly(route.node.get('match'));
    return [
      ...findingIf(
        unbuffered.isTrue && !streaming,
        'body-not-sent',
        unbuffered,
        'disable_request_body_buffering: false # true only on a route with match: { grpc: {} }',
      ),
      ...(body.exists ? checkBody(body, limits) : []),
    ];
  });
}

function checkAction(action: ConfigNode): readonly Finding[] {
  const timeout = action.get('timeout');
  const longest = action.get('max_stream_duration', 'max_stream_duration');
  return [
    ...findingIf(!timeout.exists, 'route-timeout', timeout, 'timeout: 0s # max_stream_duration is the limit'),
    ...findingIf(longest.seconds === 0, 'no-max-stream-duration', longest, 'max_stream_duration: 900s'),
    ...checkRedirect(action.get('internal_redirect_policy')),
  ];
}

export function checkRedirect(policy: ConfigNode): readonly Finding[] {
  return findingIf(
    policy.exists,
    'internal-redirect',
    policy,
    '# no internal_redirect_policy: the client follows by itself',
  );
}

/** What stands above several routes is found at each of them. */
function once(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Map(findings.map(found => [`${found.rule} ${found.document} ${found.path}`, found]));
  return [...seen.values()];
}
