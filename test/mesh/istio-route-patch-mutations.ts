import type { Json, Slip } from '../support/manifest.ts';
import { type Mutation, mutation } from './mutation.ts';
import { envoyFilterPatch, keepsForgedHeaders } from './slips.ts';

const forged = keepsForgedHeaders['istio.yaml'] as Slip;
const fraud = 'outbound|8080||fraud.models.svc.cluster.local';
const openRoute = { name: 'open', match: { prefix: '/open' }, route: { cluster: fraud, timeout: '0s' } };

const merged = (what: string, applyTo: string, value: Json, match: Json = {}): Slip =>
  envoyFilterPatch(what, {
    applyTo,
    match: { context: 'GATEWAY', ...match },
    patch: { operation: 'MERGE', value },
  });
const named = (name: string) => ({ routeConfiguration: { vhost: { route: { name } } } });
const perRoute = (config: Json) => ({
  typed_per_filter_config: {
    'envoy.filters.http.ext_authz': {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute',
      ...config,
    },
  },
});

/** Patches of routes, and of where they lead. */
export const istioRoutePatchMutations: readonly Mutation[] = [
  mutation(
    'opens',
    forged,
    merged('a patch that switches the check off on a route', 'HTTP_ROUTE', perRoute({ disabled: true })),
  ),
  mutation(
    'opens',
    forged,
    merged('a patch that switches the check off on a virtual host', 'VIRTUAL_HOST', perRoute({ disabled: true })),
  ),
  mutation(
    'opens',
    merged(
      'a patch that leaves the body out on every route',
      'HTTP_ROUTE',
      perRoute({ check_settings: { disable_request_body_buffering: true } }),
    ),
  ),
  mutation(
    'opens',
    envoyFilterPatch('a patch that adds a route', {
      applyTo: 'HTTP_ROUTE',
      match: { context: 'GATEWAY' },
      patch: { operation: 'INSERT_FIRST', value: openRoute },
    }),
  ),
  mutation(
    'opens',
    envoyFilterPatch('a patch that adds a virtual host', {
      applyTo: 'VIRTUAL_HOST',
      match: { context: 'GATEWAY' },
      patch: {
        operation: 'ADD',
        value: { name: 'open', domains: ['open.example.com'], routes: [{ ...openRoute, match: { prefix: '/' } }] },
      },
    }),
  ),
  mutation(
    'opens',
    merged(
      'a patch that leads a route to another cluster',
      'HTTP_ROUTE',
      { route: { cluster: fraud } },
      named('churn'),
    ),
  ),
  mutation(
    'opens',
    merged(
      'a patch that mirrors a route',
      'HTTP_ROUTE',
      { route: { request_mirror_policies: [{ cluster: fraud }] } },
      named('churn'),
    ),
  ),
  mutation(
    'opens',
    merged(
      "a patch that gives a cluster another's hosts",
      'CLUSTER',
      { eds_cluster_config: { service_name: fraud } },
      { cluster: { service: 'churn.models.svc.cluster.local' } },
    ),
  ),
  mutation(
    'closed',
    merged('a patch of internal redirects', 'HTTP_ROUTE', { route: { internal_redirect_policy: {} } }, named('churn')),
  ),
  mutation(
    'opens',
    envoyFilterPatch('a patch that takes calls before HTTP', {
      applyTo: 'NETWORK_FILTER',
      match: {
        context: 'GATEWAY',
        listener: { filterChain: { filter: { name: 'envoy.filters.network.http_connection_manager' } } },
      },
      patch: {
        operation: 'REPLACE',
        value: {
          name: 'envoy.filters.network.tcp_proxy',
          typed_config: {
            '@type': 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy',
            stat_prefix: 'open',
            cluster: fraud,
          },
        },
      },
    }),
  ),
];
