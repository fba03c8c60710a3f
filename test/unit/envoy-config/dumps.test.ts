import { expect } from 'chai';
import { check, refusalOf } from '../../support/envoy-config.ts';
import type { Json } from '../../support/manifest.ts';

const types = 'type.googleapis.com/envoy';
const authz = 'envoy.filters.http.ext_authz';
const istios = (name: string) => `outbound|8080||${name}.models.svc.cluster.local`;
const clusterOf = (name: string) => ({ cluster: { name, type: 'EDS', eds_cluster_config: { service_name: name } } });
/** As Envoy Gateway writes the backends of a rule. */
const hostsOfBackends = (cluster: string, ...ports: number[]) => ({
  endpoint_config: {
    cluster_name: cluster,
    endpoints: ports.map((port, at) => ({
      ...hostsOf(cluster, port).endpoint_config.endpoints[0],
      locality: { region: `${cluster}/backend/${at}` },
    })),
  },
});
const hostsOf = (cluster_name: string, ...ports: number[]) => ({
  endpoint_config: {
    cluster_name,
    endpoints: [
      {
        lb_endpoints: ports.map(port_value => ({
          endpoint: { address: { socket_address: { address: '10.0.0.9', port_value } } },
        })),
      },
    ],
  },
});
const routeOf = (model: string, ...clusters: string[]) => ({
  match: { prefix: '/', headers: [{ name: 'x-modelgate-model', string_match: { exact: model } }] },
  route: { timeout: '0s', weighted_clusters: { clusters: clusters.map(name => ({ name, weight: 1 })) } },
});
const last = { match: { prefix: '/' }, direct_response: { status: 404 } };

const filterOf = (more: Json = {}) => ({
  name: authz,
  typed_config: {
    '@type': `${types}.extensions.filters.http.ext_authz.v3.ExtAuthz`,
    transport_api_version: 'V3',
    grpc_service: {
      envoy_grpc: { cluster_name: 'outbound|9191||modelgate.models.svc.cluster.local' },
      timeout: '0.5s',
    },
    status_on_error: { code: 'ServiceUnavailable' },
    with_request_body: { max_request_bytes: 5242880, allow_partial_message: true, pack_as_bytes: true },
    clear_route_cache: true,
    ...more,
  },
});

const removing = {
  name: 'envoy.http.early_header_mutation.header_mutation',
  typed_config: {
    '@type': `${types}.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation`,
    mutations: [{ remove: 'x-modelgate-model' }, { remove: 'x-modelgate-target' }],
  },
};

/** A /config_dump with a checked listener, and what is asked for. */
function dumpOf({ routes, hosts = [], filters = [filterOf()], config = {} }: Json): string {
  const manager = {
    '@type': `${types}.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    http_filters: [...filters, { name: 'envoy.filters.http.router' }],
    rds: { route_config_name: 'models' },
    stream_idle_timeout: '900s',
    early_header_mutation_extensions: [removing],
    common_http_protocol_options: { headers_with_underscores_action: 'DROP_HEADER', max_stream_duration: '900s' },
  };
  const listener = {
    name: 'gateway',
    per_connection_buffer_limit_bytes: 8388608,
    address: { socket_address: { address: '0.0.0.0', port_value: 8080 } },
    filter_chains: [{ filters: [{ name: 'manager', typed_config: manager }] }],
  };
  const virtual_hosts = [{ name: 'models', domains: ['models.example.com'], routes: [...routes, last] }];
  const route_config = { name: 'models', virtual_hosts, ...config };
  const led = routes.flatMap(
    ({ route }: Json) => route?.weighted_clusters.clusters.map(({ name }: Json) => name) ?? [],
  );
  const names = new Set<string>([...hosts.map(({ endpoint_config }: Json) => endpoint_config.cluster_name), ...led]);
  return JSON.stringify({
    configs: [
      { '@type': `${types}.admin.v3.ListenersConfigDump`, dynamic_listeners: [{ active_state: { listener } }] },
      { '@type': `${types}.admin.v3.RoutesConfigDump`, dynamic_route_configs: [{ route_config }] },
      {
        '@type': `${types}.admin.v3.ClustersConfigDump`,
        dynamic_active_clusters: [...names].map(clusterOf),
      },
      { '@type': `${types}.admin.v3.EndpointsConfigDump`, dynamic_endpoint_configs: hosts },
    ],
  });
}

function said(parts: Json): string[] {
  const { findings, notChecked } = check(dumpOf(parts));
  return [...findings.map(({ rule }) => rule), ...notChecked];
}

const [fraud, churn, extra] = ['fraud', 'churn', 'extra'].map(istios) as [string, string, string];
const apart = [hostsOf(fraud, 1), hostsOf(churn, 2), hostsOf(extra, 1)];

describe('T1 T2 what a /config_dump of a control plane shows', () => {
  it('is sound where each model has a Service of its own', () => {
    expect(said({ routes: [routeOf('fraud', fraud), routeOf('churn', churn)], hosts: apart })).to.deep.equal([]);
  });

  for (const [title, parts, says] of [
    [
      "weights to another model's Service",
      { routes: [routeOf('fraud', fraud), routeOf('churn', churn, fraud)], hosts: apart },
      `whether cluster ${fraud} serves the model churn`,
    ],
    [
      "another model's Service, without a route of its own",
      { routes: [routeOf('churn', fraud)], hosts: apart },
      `whether cluster ${fraud} serves the model churn`,
    ],
    [
      'a Service of another name with the same hosts',
      { routes: [routeOf('fraud', fraud), routeOf('churn', extra)], hosts: apart },
      'which model serves at 10.0.0.9:1: fraud, churn all lead there',
    ],
    [
      'names of clusters that say nothing, and one host in both',
      {
        routes: [routeOf('fraud', 'httproute/one'), routeOf('churn', 'httproute/two')],
        hosts: [hostsOf('httproute/one', 1), hostsOf('httproute/two', 2, 1)],
      },
      'which model serves at 10.0.0.9:1: fraud, churn all lead there',
    ],
    [
      'two backends of a rule without their names',
      { routes: [routeOf('churn', 'httproute/two')], hosts: [hostsOfBackends('httproute/two', 1, 2)] },
      'whether all backends to which configs[1].dynamic_route_configs[0].route_config.virtual_hosts[0].routes[0] leads serve the model churn',
    ],
    [
      'two clusters of a rule without their names',
      {
        routes: [routeOf('churn', 'httproute/one', 'httproute/two')],
        hosts: [hostsOf('httproute/one', 1), hostsOf('httproute/two', 2)],
      },
      'leads serve the model churn',
    ],
    [
      'no hosts',
      { routes: [routeOf('fraud', fraud)], hosts: [] },
      `hosts of ${fraud}: they are not in this file; /config_dump?include_eds has them`,
    ],
  ] as const) {
    it(`names as not checked: ${title}`, () => {
      expect(said(parts).join('\n')).to.include(says);
    });
  }

  it('takes two routes of one model to one host for sound', () => {
    const routes = [routeOf('fraud', 'httproute/one'), routeOf('fraud', 'httproute/two')];
    expect(said({ routes, hosts: [hostsOf('httproute/one', 1), hostsOf('httproute/two', 1)] })).to.deep.equal([]);
  });
});

describe('T1 which calls a /config_dump has without their body', () => {
  const unbuffered = (match: Json) => ({
    match,
    direct_response: { status: 404 },
    typed_per_filter_config: {
      [authz]: {
        '@type': `${types}.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute`,
        check_settings: { disable_request_body_buffering: true },
      },
    },
  });
  const typed = (string_match: Json) => ({ prefix: '/', headers: [{ name: 'content-type', string_match }] });

  for (const [title, match, rules] of [
    ['by gRPC', { prefix: '/', grpc: {} }, []],
    ["by gRPC's content type", typed({ prefix: 'application/grpc' }), []],
    ["by a pattern of gRPC's", typed({ safe_regex: { regex: 'application/grpc.*' } }), []],
    ['by another content type', typed({ prefix: 'application/' }), ['body-not-sent']],
    ['by a pattern of any', typed({ safe_regex: { regex: 'application/grpc|.*' } }), ['body-not-sent']],
    ['all', { prefix: '/' }, ['body-not-sent']],
  ] as const) {
    it(`${title}: ${rules.join() || 'sound'}`, () => {
      expect(said({ routes: [unbuffered(match), routeOf('fraud', fraud)], hosts: apart })).to.deep.equal(rules);
    });
  }
});

describe("T1 which hosts Istio's policies in a /config_dump are for", () => {
  const rbac = (...string_matches: Json[]) => ({
    name: 'envoy.filters.http.rbac',
    typed_config: {
      '@type': `${types}.extensions.filters.http.rbac.v3.RBAC`,
      shadow_rules_stat_prefix: 'istio_ext_authz_modelgate_',
      shadow_rules: {
        policies: {
          one: {
            principals: [{ and_ids: { ids: [{ any: true }] } }],
            permissions: [
              {
                and_rules: {
                  rules: [
                    {
                      or_rules: {
                        rules: string_matches.map(it => ({ header: { name: ':authority', string_match: it } })),
                      },
                    },
                  ],
                },
              },
            ],
          },
        },
      },
    },
  });
  const selected = filterOf({
    filter_enabled_metadata: {
      filter: 'envoy.filters.http.rbac',
      path: [{ key: 'istio_ext_authz_modelgate_shadow_effective_policy_id' }],
      value: { string_match: { prefix: 'istio-ext-authz' } },
    },
  });
  const host = { exact: 'models.example.com', ignore_case: true };
  const ports = { prefix: 'models.example.com:', ignore_case: true };
  const named = 'which requests of listener gateway are checked';

  for (const [title, matches, says] of [
    ['the host and any port', [host, ports], ''],
    ['a beginning that both have', [{ prefix: 'models.', ignore_case: true }], ''],
    ['the host without ports', [host], named],
    [
      'another host',
      [
        { ...host, exact: 'a.example.com' },
        { ...ports, prefix: 'a.example.com:' },
      ],
      named,
    ],
    ['the host in small letters alone', [{ exact: host.exact }, ports], named],
  ] as const) {
    it(`${title}: ${says || 'sound'}`, () => {
      const config = { ignore_port_in_host_matching: true };
      const parts = { routes: [routeOf('fraud', fraud)], hosts: apart, config, filters: [rbac(...matches), selected] };
      expect(said(parts).join()).to.match(new RegExp(`^${says}`));
      if (says === '') expect(said(parts)).to.deep.equal([]);
    });
  }
});

describe('T1 a /config_dump in which nobody asks Modelgate', () => {
  const stats = (port_value: number) => {
    const socket_address = { address: '127.0.0.1', port_value };
    const endpoints = [{ lb_endpoints: [{ endpoint: { address: { socket_address } } }] }];
    const cluster = { name: 'stats', type: 'STATIC', load_assignment: { cluster_name: 'stats', endpoints } };
    const routes = [{ match: { path: '/stats/prometheus' }, route: { cluster: 'stats', timeout: '0s' } }];
    const manager = {
      '@type': `${types}.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager`,
      http_filters: [{ name: 'envoy.filters.http.router' }],
      route_config: { virtual_hosts: [{ domains: ['*'], routes }] },
    };
    const listener = { name: 'metrics', filter_chains: [{ filters: [{ name: 'manager', typed_config: manager }] }] };
    const admin = { address: { socket_address: { address: '127.0.0.1', port_value: 19000 } } };
    const { findings, notChecked } = check(
      JSON.stringify({
        configs: [
          { '@type': `${types}.admin.v3.BootstrapConfigDump`, bootstrap: { admin } },
          { '@type': `${types}.admin.v3.ListenersConfigDump`, static_listeners: [{ listener }] },
          { '@type': `${types}.admin.v3.ClustersConfigDump`, static_clusters: [{ cluster }] },
        ],
      }),
    );
    return [...findings.map(({ rule }) => rule), ...notChecked];
  };

  it("is said so, where all that is left leads to Envoy's own admin port", () => {
    expect(stats(19000)).to.deep.equal(['which requests are checked: no listener in this file asks Modelgate']);
  });

  it('is open, where it leads to anything else', () => {
    expect(stats(8080)).to.deep.equal(['no-ext-authz']);
  });
});

describe('what is said of a dump that Envoy could not write', () => {
  it('names the type that it does not know', () => {
    const [message, detail] = refusalOf(
      'Failed to convert protobuf message to JSON string: INTERNAL: invalid type URL, unknown type: io.istio.http.peer_metadata.Config',
    );
    expect(message).to.equal("it is no config: Envoy's admin port could not write its own as JSON");
    expect(detail).to.include('this Envoy knows no io.istio.http.peer_metadata.Config');
  });
});
