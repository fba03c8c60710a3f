import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import {
  above,
  before,
  behind,
  type ConfigAt,
  clusterOf,
  http2,
  type Json,
  mutations,
  perRoute,
  pinned,
  put,
} from '../config-at.ts';

const filterConfig = (config: Json) => ({
  typed_per_filter_config: {
    'envoy.filters.http.ext_authz': { '@type': 'type.googleapis.com/envoy.config.route.v3.FilterConfig', ...config },
  },
});
const off = perRoute({ disabled: true });
const offInside = filterConfig({ config: Object.values(off.typed_per_filter_config)[0] });
const share = (numerator: number, more: Json = {}) => ({
  default_value: { numerator, denominator: 'HUNDRED' },
  ...more,
});
const denying = { default_value: true, runtime_key: 'deny' };
const settings = (config: Json) => perRoute({ check_settings: config });
const pinnedWith = (more: Json) => settings({ context_extensions: { modelgate_model: 'fraud' }, ...more });

/** An authorizer that allows everything, as a cluster. */
function yes(at: ConfigAt): Json {
  at.clusters.push(clusterOf('other', at.ports.httpYes), clusterOf('grpc-other', at.ports.grpcYes, http2));
  return {
    http: { server_uri: { uri: 'http://other', cluster: 'other', timeout: '1s' } },
    grpc: { envoy_grpc: { cluster_name: 'grpc-other' }, timeout: '0.5s' },
  };
}

function matchedAway(at: ConfigAt, typed: Json): void {
  const [check] = at.manager.http_filters;
  const input = {
    name: 'path',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput',
      header_name: 'x-want',
    },
  };
  const action = { name: 'then', typed_config: typed };
  at.manager.http_filters[0] = {
    name: check.name,
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.common.matching.v3.ExtensionWithMatcher',
      extension_config: { name: 'x', typed_config: check.typed_config },
      xds_matcher: { matcher_tree: { input, exact_match_map: { map: { fraud: { action } } } } },
    },
  };
}

const byModel = () =>
  ['fraud', 'churn'].map(name => ({
    match: { prefix: '/', headers: [{ name: 'x-modelgate-model', string_match: { exact: name } }] },
    route: { cluster: name, timeout: '0s' },
  }));

/** Models by their headers alone; before the check every call is on a route that leads nowhere. */
function answering(at: ConfigAt, more: Json): void {
  Object.assign(at.last, { direct_response: { status: 404 }, ...more });
  delete at.last.route;
  at.routes.unshift(...byModel());
}

/** The check itself, and where it is put aside. */
export const checkMutations = mutations({
  'no check': at => void at.manager.http_filters.shift(),
  'the check is off': at => put(at.manager.http_filters[0], 'disabled', true),
  'the check behind the router': at => void at.manager.http_filters.reverse(),
  'the check is optional': at => put(at.manager.http_filters[0], 'is_optional', true),
  'the check is skipped by a matcher': at =>
    matchedAway(at, { '@type': 'type.googleapis.com/envoy.extensions.filters.common.matcher.action.v3.SkipFilter' }),
  'the check off on a pinned route': at => above(at, { prefix: '/open' }, off),
  'the check off on a virtual host': at =>
    void Object.assign(at.host, off, {
      routes: [{ match: { prefix: '/' }, route: { cluster: 'fraud', timeout: '0s' } }],
    }),
  'the check off on all routes': at =>
    void Object.assign(at.routeConfig, off, {
      virtual_hosts: [
        { name: 'm', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'fraud', timeout: '0s' } }] },
      ],
    }),
  'the check off by FilterConfig': at => above(at, { prefix: '/open' }, filterConfig({ disabled: true })),
  'the check off inside FilterConfig': at => above(at, { prefix: '/open' }, offInside),
  'the check off on a weighted cluster': at =>
    above(
      at,
      { prefix: '/open' },
      { route: { timeout: '0s', weighted_clusters: { clusters: [{ name: 'fraud', weight: 1, ...off }] } } },
    ),
  'the check off where the header chooses': at =>
    above(at, { prefix: '/open' }, { route: { cluster_header: 'x-modelgate-target', timeout: '0s' }, ...off }),
  'the check off where a forged header chooses': at => {
    above(at, { prefix: '/open' }, { route: { cluster_header: 'x-modelgate-target', timeout: '0s' }, ...off });
    delete at.manager.early_header_mutation_extensions;
    delete at.routeConfig.internal_only_headers;
  },
  'fails open, as a TypedStruct': at => {
    const [check] = at.manager.http_filters;
    const { '@type': type_url, ...value } = check.typed_config;
    check.typed_config = {
      '@type': 'type.googleapis.com/xds.type.v3.TypedStruct',
      type_url,
      value: { ...value, failure_mode_allow: true },
    };
  },
  'fails open, in camelCase': at => {
    delete at.authz.failure_mode_allow;
    at.authz.failureModeAllow = true;
  },
  'fails open under another name': at => {
    at.manager.http_filters[0].name = 'authorize';
    at.authz.failure_mode_allow = true;
    at.routes.splice(0, 1);
    above(
      at,
      { prefix: '/pinned' },
      { typed_per_filter_config: { authorize: Object.values(pinned('fraud').typed_per_filter_config)[0] } },
    );
  },
  'off on a route under the name of its kind': at => {
    at.manager.http_filters[0].name = 'modelgate';
    above(at, { prefix: '/open' }, perRoute({ disabled: true }));
  },
  'two checks of which one is pinned': at => {
    behind(at, { ...structuredClone(at.manager.http_filters[0]), name: 'second' });
  },
  'fails open': at => put(at.authz, 'failure_mode_allow', true),
  'fails open with a header': at =>
    void Object.assign(at.authz, { failure_mode_allow: true, failure_mode_allow_header_add: true }),
  'checks half of the requests': at => put(at.authz, 'filter_enabled', share(50)),
  'checks none of the requests': at => put(at.authz, 'filter_enabled', share(0)),
  'checks all by a runtime key': at => {
    at.authz.filter_enabled = share(100, { runtime_key: 'modelgate.enabled' });
    at.bootstrap.layered_runtime = { layers: [{ name: 'fixed', static_layer: { modelgate: { enabled: 0 } } }] };
  },
  'refuses what it does not check': at =>
    void Object.assign(at.authz, { filter_enabled: share(0), deny_at_disable: denying }),
  'refuses unless a runtime key says otherwise': at => {
    Object.assign(at.authz, { filter_enabled: share(0), deny_at_disable: denying });
    at.bootstrap.layered_runtime = { layers: [{ name: 'fixed', static_layer: { deny: false } }] };
  },
  'refuses unless a file says otherwise': at => {
    Object.assign(at.authz, { filter_enabled: share(0), deny_at_disable: denying });
    at.bootstrap.layered_runtime = { layers: [{ name: 'disk', disk_layer: { symlink_root: at.folder } }] };
  },
  'checks by metadata': at =>
    put(at.authz, 'filter_enabled_metadata', { filter: 'x', path: [{ key: 'kind' }], value: { present_match: true } }),
  'checks by metadata of another rbac': at =>
    put(at.authz, 'filter_enabled_metadata', {
      filter: 'envoy.filters.http.rbac',
      path: [{ key: 'kind' }],
      value: { present_match: true },
    }),
  'asks another by gRPC': at => put(at.authz, 'grpc_service', yes(at).grpc),
  'asks another by HTTP': at => {
    at.authz.http_service = yes(at).http;
    delete at.authz.grpc_service;
  },
  'asks another by gRPC on a route': at => above(at, { prefix: '/open' }, pinnedWith({ grpc_service: yes(at).grpc })),
  'asks another by HTTP on a route': at => above(at, { prefix: '/open' }, pinnedWith({ http_service: yes(at).http })),
  'asks another as well': at => {
    const { http } = yes(at);
    const { grpc_service: _grpc, ...rest } = structuredClone(at.authz);
    behind(at, { name: 'also', typed_config: { ...rest, http_service: http } });
  },
  'asks another first': at => {
    const { http } = yes(at);
    const { grpc_service: _grpc, ...rest } = structuredClone(at.authz);
    before(at, { name: 'also', typed_config: { ...rest, http_service: http } });
  },
  'asks a cluster that is not there': at => put(at.authz.grpc_service.envoy_grpc, 'cluster_name', 'absent-modelgate'),
  'asks by HTTP/1': at => void delete at.cluster('modelgate').typed_extension_protocol_options,
  'speaks version 2': at => put(at.authz, 'transport_api_version', 'V2'),
  'waits for ever': at => put(at.authz.grpc_service, 'timeout', '0s'),
  'waits for a millisecond': at => put(at.authz.grpc_service, 'timeout', '0.001s'),
  'keeps the first route': at => put(at.authz, 'clear_route_cache', false),
  'status of a fault: OK': at => put(at.authz, 'status_on_error', { code: 'OK' }),
  'status of a fault: 204': at => put(at.authz, 'status_on_error', { code: 204 }),
  'status of a fault: none': at => void delete at.authz.status_on_error,
  'sends no body': at => void delete at.authz.with_request_body,
  'sends 8 KiB of a body': at => put(at.authz.with_request_body, 'max_request_bytes', 8192),
  'sends no part of a body': at => put(at.authz.with_request_body, 'allow_partial_message', false),
  'sends the body as text': at => put(at.authz.with_request_body, 'pack_as_bytes', false),
  'sends no body on a route': at => void Object.assign(at.last, settings({ disable_request_body_buffering: true })),
  'sends no body on a route that answers by itself': at =>
    answering(at, settings({ disable_request_body_buffering: true })),
  'sends no body for any content type': at =>
    above(
      at,
      {
        prefix: '/',
        headers: [
          {
            name: 'content-type',
            string_match: { safe_regex: { regex: 'application/grpc|.*' } },
            treat_missing_header_as_empty: true,
          },
        ],
      },
      { route: { ...at.last.route }, ...settings({ disable_request_body_buffering: true }) },
    ),
  'asks another on a route that answers by itself': at => {
    answering(at, settings({ grpc_service: yes(at).grpc }));
    delete at.manager.early_header_mutation_extensions;
    delete at.routeConfig.internal_only_headers;
  },
  'sends less of a body on a route': at =>
    void Object.assign(
      at.last,
      settings({ with_request_body: { max_request_bytes: 1024, allow_partial_message: true, pack_as_bytes: true } }),
    ),
  'sends some headers': at => put(at.authz, 'allowed_headers', { patterns: [{ exact: 'x-api-key' }] }),
  'holds a header back': at => put(at.authz, 'disallowed_headers', { patterns: [{ exact: 'authorization' }] }),
  'holds the sign of an encoded body back': at =>
    put(at.authz, 'disallowed_headers', { patterns: [{ prefix: 'content-' }] }),
  'sends headers raw': at => put(at.authz, 'encode_raw_headers', true),
  'takes no header of the answer': at => put(at.authz, 'decoder_header_mutation_rules', { disallow_all: true }),
  'takes some headers of the answer': at =>
    put(at.authz, 'decoder_header_mutation_rules', { disallow_expression: { regex: '^(authorization|x-api-key)$' } }),
  'takes no removal': at =>
    put(at.authz, 'decoder_header_mutation_rules', { disallow_expression: { regex: '.*' }, disallow_is_error: false }),
  'looks at mutations': at => put(at.authz, 'validate_mutations', true),
  'tells of TLS': at => void Object.assign(at.authz, { include_peer_certificate: true, include_tls_session: true }),
  'only watches': at => put(at.authz, 'shadow_mode', true),
  'clears the route for another header': at => {
    delete at.authz.clear_route_cache;
    at.authz.clear_route_cache_headers = ['x-other'];
    at.routes.unshift(...byModel());
    at.last.route = { cluster: 'churn', timeout: '0s' };
  },
  'clears the route for the header of the model': at => {
    delete at.authz.clear_route_cache;
    at.authz.clear_route_cache_headers = ['x-modelgate-model'];
  },
  'bounds what answers add': at => put(at.authz, 'enforce_response_header_limits', true),
  'has no metadata of the answer': at => put(at.authz, 'enable_dynamic_metadata_ingestion', false),
  'is fetched from a file': at => {
    const [check] = at.manager.http_filters;
    const { typed_config } = structuredClone(check);
    const path = `${at.folder}/check.yaml`;
    const fetched = { ...typed_config, failure_mode_allow: true };
    const resource = {
      '@type': 'type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig',
      name: check.name,
      typed_config: fetched,
    };
    writeFileSync(path, stringify({ resources: [resource] }));
    at.bootstrap.node = { id: 'envoy', cluster: 'envoys' };
    at.manager.http_filters[0] = {
      name: check.name,
      config_discovery: {
        config_source: { path_config_source: { path }, resource_api_version: 'V3' },
        default_config: typed_config,
        type_urls: [typed_config['@type']],
      },
    };
  },
  'is pinned on every route': at => void Object.assign(at.last, pinned('churn')),
});
