import type { Json, Slip } from '../support/manifest.ts';
import { type Mutation, mutation } from './mutation.ts';
import { keepsForgedHeaders } from './slips.ts';

const forged = keepsForgedHeaders['envoy-gateway.yaml'] as Slip;
const listener = 'models/models/http';

const ofCheck = "..http_filters[?match(@.name, 'envoy.filters.http.ext_authz.*')]";
const clusterOf = (rule: number) => `httproute/models/models/rule/${rule}`;
const ofRule = (rule: number) => `..routes[?match(@.name, '${clusterOf(rule)}/.*')]`;
const byModel = { name: 'x-modelgate-model', string_match: { exact: 'fraud' } };
const checked = {
  '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute',
  check_settings: {},
};

const patch = (what: string, resource: string, name: string, operation: Json): Slip => ({
  what,
  bend: manifest =>
    manifest.one('EnvoyPatchPolicy', 'modelgate-body').spec.jsonPatches.push({
      type: `type.googleapis.com/envoy.config.${resource}`,
      name,
      operation,
    }),
});

/** What may be patched in. */
export const envoyGatewayPatchMutations: readonly Mutation[] = [
  mutation(
    'opens unanswered',
    forged,
    patch('a patch that lets through what nobody answers', 'listener.v3.Listener', listener, {
      op: 'add',
      jsonPath: `${ofCheck}.typed_config`,
      path: 'failure_mode_allow',
      value: true,
    }),
  ),
  mutation(
    'opens',
    forged,
    patch('a patch that takes the filter out', 'listener.v3.Listener', listener, {
      op: 'remove',
      jsonPath: ofCheck,
    }),
  ),
  mutation(
    'closed',
    forged,
    patch('a patch that disables the filter', 'listener.v3.Listener', listener, {
      op: 'add',
      jsonPath: ofCheck,
      path: 'disabled',
      value: true,
    }),
  ),
  mutation(
    'opens',
    forged,
    patch('a patch that switches the check off on every route', 'route.v3.RouteConfiguration', listener, {
      op: 'replace',
      jsonPath: '..virtual_hosts..routes[*]',
      path: 'typed_per_filter_config',
      value: {},
    }),
  ),
  mutation(
    'opens',
    forged,
    patch("a patch that takes the check's settings of every route", 'route.v3.RouteConfiguration', listener, {
      op: 'remove',
      jsonPath: '..virtual_hosts..routes[*].typed_per_filter_config',
    }),
  ),
  mutation(
    'opens',
    forged,
    patch('a patch that switches the check off on the routes of models', 'route.v3.RouteConfiguration', listener, {
      op: 'add',
      jsonPath: "..routes[?match(@.name, 'httproute/models/models/.*')].typed_per_filter_config",
      path: 'envoy.filters.http.ext_authz~1securitypolicy~1models~1modelgate',
      value: {
        '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute',
        disabled: true,
      },
    }),
  ),
  mutation(
    'opens',
    forged,
    patch('a patch by which nothing is checked', 'listener.v3.Listener', listener, {
      op: 'add',
      jsonPath: `${ofCheck}.typed_config`,
      path: 'filter_enabled',
      value: { default_value: { numerator: 0, denominator: 'HUNDRED' } },
    }),
  ),
  mutation(
    'opens',
    patch('a patch that leaves the body out on every route', 'route.v3.RouteConfiguration', listener, {
      op: 'add',
      jsonPath: '..check_settings',
      path: 'disable_request_body_buffering',
      value: true,
    }),
  ),
  mutation(
    'opens',
    patch('a patch that adds a route', 'route.v3.RouteConfiguration', listener, {
      op: 'add',
      path: '/virtual_hosts/0/routes/0',
      value: {
        name: 'open',
        match: { prefix: '/open' },
        route: { cluster: clusterOf(0), timeout: '0s' },
        typed_per_filter_config: { 'envoy.filters.http.ext_authz': checked },
      },
    }),
  ),
  mutation(
    'opens',
    forged,
    patch('a patch that adds a route without the check', 'route.v3.RouteConfiguration', listener, {
      op: 'add',
      path: '/virtual_hosts/0/routes/0',
      value: {
        name: 'bare',
        match: { prefix: '/', headers: [byModel] },
        route: { cluster: clusterOf(0), timeout: '0s' },
      },
    }),
  ),
  mutation(
    'opens',
    patch('a patch that leads a route to another cluster', 'route.v3.RouteConfiguration', listener, {
      op: 'replace',
      jsonPath: `${ofRule(1)}.route`,
      path: 'cluster',
      value: clusterOf(0),
    }),
  ),
  mutation(
    'opens',
    patch('a patch that mirrors a route', 'route.v3.RouteConfiguration', listener, {
      op: 'add',
      jsonPath: `${ofRule(1)}.route`,
      path: 'request_mirror_policies',
      value: [{ cluster: clusterOf(0) }],
    }),
  ),
  mutation(
    'closed',
    patch("a patch that gives a cluster another's hosts", 'cluster.v3.Cluster', clusterOf(1), {
      op: 'replace',
      path: '/eds_cluster_config/service_name',
      value: clusterOf(0),
    }),
  ),
];
