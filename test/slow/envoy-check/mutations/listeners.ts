import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import {
  type ConfigAt,
  clusterOf,
  extension,
  http2,
  httpFilter,
  type Json,
  listen,
  loopback,
  mutations,
  put,
  routerFilter,
} from '../config-at.ts';

const tcp = (cluster: Json) =>
  extension('envoy.filters.network.tcp_proxy', 'filters.network.tcp_proxy.v3.TcpProxy', {
    stat_prefix: 't',
    ...cluster,
  });
const managerType = 'filters.network.http_connection_manager.v3.HttpConnectionManager';

/** A connection manager without a check, to one cluster. */
function unchecked(action: Json, more: Json = {}): Json {
  return extension('envoy.filters.network.http_connection_manager', managerType, {
    stat_prefix: 'u',
    http_filters: [routerFilter()],
    route_config: {
      name: 'u',
      virtual_hosts: [{ name: 'u', domains: ['*'], routes: [{ match: { prefix: '/' }, route: action }] }],
    },
    ...more,
  });
}

/** The client's address by which the second chain of one listener is taken. */
export const otherClient = '127.0.0.3';
const fromOther = {
  filter_chain_match: { direct_source_prefix_ranges: [{ address_prefix: otherClient, prefix_len: 32 }] },
};
const options = (at: ConfigAt, more: Json) =>
  put(at.cluster('churn'), 'typed_extension_protocol_options', {
    'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
      '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
      explicit_http_config: { http_protocol_options: {} },
      ...more,
    },
  });
const endpointOf = ({ cluster }: ConfigAt, name: string): Json =>
  cluster(name).load_assignment.endpoints[0].lb_endpoints[0].endpoint;

/** Other ways in, and other ways out. */
export const listenerMutations = mutations({
  'a listener to a model': at => listen(at, 'second', [unchecked({ cluster: 'fraud' })]),
  'a listener to what a header says': at => listen(at, 'second', [unchecked({ cluster_header: 'x-want' })]),
  'a listener to a cluster of its own': at => {
    at.clusters.push(clusterOf('around', at.ports.fraud));
    listen(at, 'second', [unchecked({ cluster: 'around' })]);
  },
  'a listener of TCP to a model': at => listen(at, 'second', [tcp({ cluster: 'fraud' })]),
  'a listener of TCP by weights': at =>
    listen(at, 'second', [tcp({ weighted_clusters: { clusters: [{ name: 'fraud', weight: 1 }] } })]),
  'a listener of TCP in a filter chain of none': at =>
    at.bootstrap.static_resources.listeners.push({
      name: 'second',
      address: loopback(0),
      default_filter_chain: { filters: [tcp({ cluster: 'fraud' })] },
    }),
  'a listener of another protocol': at =>
    listen(at, 'second', [
      extension('envoy.filters.network.generic_proxy', 'filters.network.generic_proxy.v3.GenericProxy', {
        stat_prefix: 'g',
        codec_config: extension('http1', 'filters.network.generic_proxy.codecs.http1.v3.Http1CodecConfig'),
        filters: [extension('envoy.filters.generic.router', 'filters.network.generic_proxy.router.v3.Router')],
        route_config: {
          name: 'g',
          virtual_hosts: [
            {
              name: 'g',
              hosts: ['*'],
              routes: {
                matcher_list: {
                  matchers: [
                    {
                      predicate: {
                        single_predicate: {
                          input: {
                            name: 'host',
                            typed_config: {
                              '@type':
                                'type.googleapis.com/envoy.extensions.filters.network.generic_proxy.matcher.v3.HostMatchInput',
                            },
                          },
                          value_match: { safe_regex: { regex: '.*' } },
                        },
                      },
                      on_match: {
                        action: {
                          name: 'route',
                          typed_config: {
                            '@type':
                              'type.googleapis.com/envoy.extensions.filters.network.generic_proxy.action.v3.RouteAction',
                            cluster: 'fraud',
                          },
                        },
                      },
                    },
                  ],
                },
              },
            },
          ],
        },
      }),
    ]),
  'a listener in front of the checked one': at => {
    at.listener.address = loopback(0);
    listen(at, 'second', [tcp({ cluster: 'modelgate' })]);
  },
  'a listener whose manager is a TypedStruct': at => {
    const { name, typed_config } = unchecked({ cluster: 'fraud' });
    const { '@type': type_url, ...value } = typed_config;
    listen(at, 'second', [
      { name, typed_config: { '@type': 'type.googleapis.com/xds.type.v3.TypedStruct', type_url, value } },
    ]);
  },
  'a listener to a mirror of a model': at =>
    listen(at, 'second', [unchecked({ cluster: 'modelgate', request_mirror_policies: [{ cluster: 'fraud' }] })]),
  'a listener to a model by weights': at =>
    listen(at, 'second', [unchecked({ weighted_clusters: { clusters: [{ name: 'fraud', weight: 1 }] } })]),
  'a listener with a check of another': at => {
    const [check] = structuredClone(at.manager.http_filters);
    check.typed_config.grpc_service.envoy_grpc.cluster_name = 'grpc-other';
    at.clusters.push(clusterOf('grpc-other', at.ports.grpcYes, http2));
    listen(at, 'second', [unchecked({ cluster: 'fraud' }, { http_filters: [check, routerFilter()] })]);
  },
  'a listener that refuses': at =>
    listen(at, 'second', [
      extension('envoy.filters.network.direct_response', 'filters.network.direct_response.v3.Config', {
        response: { inline_string: 'refused' },
      }),
    ]),
  'a second chain without the check': at =>
    void at.listener.filter_chains.push({ name: 'second', ...fromOther, filters: [unchecked({ cluster: 'fraud' })] }),
  'a default chain without the check': at => {
    Object.assign(at.listener.filter_chains[0], {
      filter_chain_match: { direct_source_prefix_ranges: [{ address_prefix: '127.0.0.2', prefix_len: 32 }] },
    });
    at.listener.default_filter_chain = { filters: [unchecked({ cluster: 'fraud' })] };
  },
  'listeners from a file': at => {
    const path = `${at.folder}/listeners.yaml`;
    const listener = {
      '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener',
      name: 'second',
      address: loopback(0),
      filter_chains: [{ filters: [unchecked({ cluster: 'fraud' })] }],
    };
    writeFileSync(path, stringify({ resources: [listener] }));
    Object.assign(at.bootstrap, {
      node: { id: 'envoy', cluster: 'envoys' },
      dynamic_resources: { lds_config: { path_config_source: { path }, resource_api_version: 'V3' } },
    });
  },
  'clusters from a file': at => {
    const path = `${at.folder}/clusters.yaml`;
    writeFileSync(
      path,
      stringify({
        resources: [
          { '@type': 'type.googleapis.com/envoy.config.cluster.v3.Cluster', ...clusterOf('third', at.ports.fraud) },
        ],
      }),
    );
    Object.assign(at.bootstrap, {
      node: { id: 'envoy', cluster: 'envoys' },
      dynamic_resources: { cds_config: { path_config_source: { path }, resource_api_version: 'V3' } },
    });
  },
  'the admin port for everybody': at => put(at.bootstrap.admin.address.socket_address, 'address', '0.0.0.0'),
  'the admin port for everybody, by IPv6': at =>
    put(at.bootstrap.admin.address, 'socket_address', { address: '::', port_value: 0, ipv4_compat: true }),
  'a mirror of a cluster': at => options(at, { request_mirror_policies: [{ cluster: 'fraud' }] }),
  "a host by a client's header, overriding the balance": at => {
    const churn = at.cluster('churn');
    churn.load_assignment.endpoints[0].lb_endpoints.push({ endpoint: { address: loopback(at.ports.fraud) } });
    const least = extension(
      'envoy.load_balancing_policies.round_robin',
      'load_balancing_policies.round_robin.v3.RoundRobin',
    );
    const override = extension(
      'envoy.load_balancing_policies.override_host',
      'load_balancing_policies.override_host.v3.OverrideHost',
      {
        override_host_sources: [{ header: 'x-host' }],
        fallback_policy: { policies: [{ typed_extension_config: least }] },
      },
    );
    churn.load_balancing_policy = { policies: [{ typed_extension_config: override }] };
  },
  'hosts of a cluster from a file': at => {
    const path = `${at.folder}/hosts-of-churn.yaml`;
    const assignment = { ...structuredClone(at.cluster('fraud').load_assignment), cluster_name: 'churn' };
    const type = 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment';
    writeFileSync(path, stringify({ resources: [{ '@type': type, ...assignment }] }));
    at.bootstrap.node = { id: 'envoy', cluster: 'envoys' };
    Object.assign(at.cluster('churn'), {
      type: 'EDS',
      eds_cluster_config: { eds_config: { path_config_source: { path }, resource_api_version: 'V3' } },
    });
    delete at.cluster('churn').load_assignment;
  },
  'a second chain with a check that fails open': at => {
    const chain = structuredClone(at.listener.filter_chains[0]);
    const { typed_config } = chain.filters[0].typed_config.http_filters[0];
    typed_config.failure_mode_allow = true;
    at.listener.filter_chains.push({ ...chain, name: 'second', ...fromOther });
  },
  'a cluster of two models': at =>
    at
      .cluster('churn')
      .load_assignment.endpoints[0].lb_endpoints.push({ endpoint: { address: loopback(at.ports.fraud) } }),
  'a cluster that goes through an unchecked listener': at => {
    at.bootstrap.bootstrap_extensions = [
      extension('envoy.bootstrap.internal_listener', 'bootstrap.internal_listener.v3.InternalListener'),
    ];
    at.bootstrap.static_resources.listeners.push({
      name: 'inside',
      internal_listener: {},
      filter_chains: [{ filters: [tcp({ cluster: 'fraud' })] }],
    });
    endpointOf(at, 'churn').address = { envoy_internal_address: { server_listener_name: 'inside' } };
  },
  "the host of a client's choice": at =>
    void Object.assign(at.cluster('churn'), {
      type: 'ORIGINAL_DST',
      lb_policy: 'CLUSTER_PROVIDED',
      load_assignment: undefined,
      original_dst_lb_config: { use_http_header: true },
    }),
  "the host of a client's choice, by another header": at =>
    void Object.assign(at.cluster('churn'), {
      type: 'ORIGINAL_DST',
      lb_policy: 'CLUSTER_PROVIDED',
      load_assignment: undefined,
      original_dst_lb_config: { use_http_header: true, http_header_name: 'x-host' },
    }),
  'the host that the client names': at => {
    const cache = { dns_cache_config: { name: 'd', dns_lookup_family: 'V4_ONLY' } };
    const { name } = at.cluster('churn');
    at.clusters.splice(at.clusters.indexOf(at.cluster('churn')), 1, {
      name,
      connect_timeout: '1s',
      lb_policy: 'CLUSTER_PROVIDED',
      cluster_type: extension(
        'envoy.clusters.dynamic_forward_proxy',
        'clusters.dynamic_forward_proxy.v3.ClusterConfig',
        cache,
      ),
    });
    at.manager.http_filters.unshift(httpFilter('dynamic_forward_proxy', 'FilterConfig', cache));
  },
  "a cluster of another's name": at =>
    void Object.assign(at.cluster('churn'), {
      type: undefined,
      load_assignment: undefined,
      lb_policy: 'CLUSTER_PROVIDED',
      cluster_type: extension('envoy.clusters.aggregate', 'clusters.aggregate.v3.ClusterConfig', {
        clusters: ['fraud'],
      }),
    }),
  "a cluster at another's address": at =>
    put(endpointOf(at, 'churn'), 'address', structuredClone(endpointOf(at, 'fraud').address)),
  'a model with an address of its own besides': at => at.clusters.push(clusterOf('copy', at.ports.fraud)),
  'no limits on callers': at => void delete at.bootstrap.overload_manager,
  'no circuit breakers': at => void delete at.cluster('modelgate').circuit_breakers,
  'less room for bodies': at => put(at.listener, 'per_connection_buffer_limit_bytes', 65536),
});
