import {
  before,
  behind,
  type ConfigAt,
  clusterOf,
  extension,
  http2,
  httpFilter,
  type Json,
  mutations,
  routerFilter,
} from '../config-at.ts';

const lua = (code: string) => httpFilter('lua', 'Lua', { default_source_code: { inline_string: code } });
const replacing = (name: string, value: string) =>
  lua(`function envoy_on_request(h) h:headers():replace("${name}", "${value}") end`);
/** Calls fraud with whatever came, by itself. */
const calling = lua(
  'function envoy_on_request(h) h:httpCall("fraud", {[":method"]="GET", [":path"]="/", [":authority"]="m", ["x-attempt"]=h:headers():get("x-attempt")}, "", 500) end',
);
const set = (key: string, value: string) => ({
  append: { header: { key, value }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' },
});
const mutation = (...request_mutations: Json[]) =>
  httpFilter('header_mutation', 'HeaderMutation', { mutations: { request_mutations } });
const early = (...list: Json[]) =>
  extension(
    'envoy.http.early_header_mutation.header_mutation',
    'http.early_header_mutation.header_mutation.v3.HeaderMutation',
    { mutations: list },
  );
const upstream = (at: ConfigAt, filter: Json) =>
  Object.assign(at.cluster('churn'), {
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
        explicit_http_config: { http_protocol_options: {} },
        http_filters: [filter, codec],
      },
    },
  });
const codec = httpFilter('upstream_codec', 'UpstreamCodec');
const toMetadata = (header: string) =>
  httpFilter('header_to_metadata', 'Config', {
    request_rules: [{ header, on_header_present: { metadata_namespace: 'envoy.lb', key: 'model', type: 'STRING' } }],
  });
const subsets = (at: ConfigAt) => {
  const endpoint = (port: number, model: string) => ({
    endpoint: { address: { socket_address: { address: '127.0.0.1', port_value: port } } },
    metadata: { filter_metadata: { 'envoy.lb': { model } } },
  });
  Object.assign(at.cluster('churn'), {
    lb_subset_config: {
      fallback_policy: 'DEFAULT_SUBSET',
      default_subset: { model: 'churn' },
      subset_selectors: [{ keys: ['model'] }],
    },
    load_assignment: {
      cluster_name: 'churn',
      endpoints: [{ lb_endpoints: [endpoint(at.ports.churn, 'churn'), endpoint(at.ports.fraud, 'fraud')] }],
    },
  });
};

/** Filters around the check. */
export const filterMutations = mutations({
  'Lua behind the check names the target': at => behind(at, replacing('x-modelgate-target', 'fraud')),
  'Lua behind the check clears the route': at =>
    behind(
      at,
      lua('function envoy_on_request(h) h:headers():replace("x-modelgate-target","fraud"); h:clearRouteCache() end'),
    ),
  'Lua behind the check names the principal': at => behind(at, replacing('x-modelgate-principal', 'ada')),
  'Lua before the check names the target': at => before(at, replacing('x-modelgate-target', 'fraud')),
  'Lua before the check copies credentials': at =>
    before(
      at,
      lua(
        'function envoy_on_request(h) local k=h:headers():get("authorization"); if k then h:headers():add("x-copy", k) end end',
      ),
    ),
  'Lua before the check calls a model': at => before(at, calling),
  'header_mutation behind the check names the target': at => behind(at, mutation(set('x-modelgate-target', 'fraud'))),
  'header_mutation behind the check names the principal': at =>
    behind(at, mutation(set('x-modelgate-principal', 'ada'))),
  'header_mutation before the check names the target': at => before(at, mutation(set('x-modelgate-target', 'fraud'))),
  'header_mutation before the check copies credentials': at =>
    before(at, mutation(set('x-copy', '%REQ(authorization)%'))),
  'header_mutation before the check lends credentials': at => before(at, mutation(set('x-api-key', 'LENT'))),
  'header_mutation lends credentials on a route': at => {
    before(at, mutation());
    const type = 'type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute';
    at.host.typed_per_filter_config = {
      'envoy.filters.http.header_mutation': {
        '@type': type,
        mutations: { request_mutations: [set('authorization', 'Bearer LENT')] },
      },
    };
  },
  'header_mutation names the principal on a route': at => {
    behind(at, { ...mutation(), disabled: true });
    const type = 'type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute';
    at.host.typed_per_filter_config = {
      'envoy.filters.http.header_mutation': {
        '@type': type,
        mutations: { request_mutations: [set('x-modelgate-principal', 'ada')] },
      },
    };
  },
  'set_filter_state lends nothing, basic_auth before the check': at =>
    before(
      at,
      httpFilter('basic_auth', 'BasicAuth', { users: { inline_string: 'ada:{SHA}0DPiKuNIrrVmD8IUCuw1hQxNqZc=' } }),
    ),
  'cache behind the check': at =>
    behind(
      at,
      httpFilter('cache', 'CacheConfig', {
        typed_config: extension('x', 'http.cache.simple_http_cache.v3.SimpleHttpCacheConfig').typed_config,
      }),
    ),
  'early mutation copies credentials': at =>
    void at.manager.early_header_mutation_extensions.push(early(set('x-copy', '%REQ(AUTHORIZATION)%'))),
  'early mutation lends credentials': at =>
    void at.manager.early_header_mutation_extensions.push(early(set('x-api-key', 'LENT'))),
  "early mutation moves a client's credentials": at =>
    void at.manager.early_header_mutation_extensions.push(
      early({ append: { header: { key: 'x-api-key', value: '%REQ(x-my-key)%' }, append_action: 'ADD_IF_ABSENT' } }),
    ),
  'credential_injector before the check': at => {
    const secret = extension('generic', 'http.injected_credentials.generic.v3.Generic', {
      credential: { name: 'lent' },
      header: 'x-api-key',
    });
    before(at, httpFilter('credential_injector', 'CredentialInjector', { overwrite: true, credential: secret }));
    at.bootstrap.static_resources.secrets = [{ name: 'lent', generic_secret: { secret: { inline_string: 'LENT' } } }];
  },
  'the router mutates headers upstream': at =>
    void Object.assign(at.router, { upstream_http_filters: [mutation(set('x-modelgate-principal', 'ada')), codec] }),
  'a cluster mutates headers upstream': at => upstream(at, mutation(set('x-modelgate-principal', 'ada'))),
  'a cluster runs Lua upstream': at => upstream(at, replacing('x-modelgate-principal', 'ada')),
  'jwt_authn behind the check': at => behind(at, httpFilter('jwt_authn', 'JwtAuthentication')),
  'set_metadata behind the check': at =>
    behind(at, httpFilter('set_metadata', 'Config', { metadata: [{ metadata_namespace: 'x', value: { a: 'b' } }] })),
  'header_to_metadata behind the check': at => behind(at, toMetadata('x-want')),
  "subsets by a client's header": at => {
    subsets(at);
    before(at, toMetadata('x-want'));
  },
  "subsets by a route's metadata": at => {
    subsets(at);
    at.last.route.metadata_match = { filter_metadata: { 'envoy.lb': { model: 'fraud' } } };
  },
  'stateful_session behind the check': at =>
    behind(
      at,
      httpFilter('stateful_session', 'StatefulSession', {
        session_state: extension(
          'envoy.http.stateful_session.cookie',
          'http.stateful_session.cookie.v3.CookieBasedSessionState',
          {
            cookie: { name: 'host', path: '/' },
          },
        ),
      }),
    ),
  'set_filter_state behind the check': at =>
    behind(
      at,
      httpFilter('set_filter_state', 'Config', {
        on_request_headers: [
          { object_key: 'envoy.string', format_string: { text_format_source: { inline_string: 'x' } } },
        ],
      }),
    ),
  'ext_proc behind the check': at => {
    at.clusters.push(clusterOf('grpc-other', at.ports.grpcYes, http2));
    behind(
      at,
      httpFilter('ext_proc', 'ExternalProcessor', {
        failure_mode_allow: true,
        grpc_service: { envoy_grpc: { cluster_name: 'grpc-other' } },
      }),
    );
  },
  'composite in place of the check': at => {
    const [check] = at.manager.http_filters;
    const input = {
      name: 'x',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput',
        header_name: 'x-checked',
      },
    };
    const run = {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.composite.v3.ExecuteFilterAction',
      typed_config: { name: check.name, typed_config: check.typed_config },
    };
    at.manager.http_filters[0] = {
      name: 'maybe',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.common.matching.v3.ExtensionWithMatcher',
        extension_config: httpFilter('composite', 'Composite'),
        xds_matcher: {
          matcher_tree: { input, exact_match_map: { map: { always: { action: { name: 'run', typed_config: run } } } } },
        },
      },
    };
    at.last.route = { cluster: 'fraud', timeout: '0s' };
  },
  'a chain of filters in one': at => {
    const chain = { filters: [mutation(set('x-modelgate-principal', 'ada'))] };
    behind(at, httpFilter('filter_chain', 'FilterChainConfig', { default_filter_chain: chain }));
  },
  'tap writes requests': at =>
    before(
      at,
      httpFilter('tap', 'Tap', {
        common_config: {
          static_config: {
            match_config: { any_match: true },
            output_config: {
              sinks: [{ format: 'JSON_BODY_AS_STRING', file_per_tap: { path_prefix: `${at.folder}/tap` } }],
            },
          },
        },
      }),
    ),
  'custom_response answers refusals with 200': at => {
    const data = { type_url: 'type.googleapis.com/envoy.type.matcher.v3.HttpResponseStatusCodeMatchInput' };
    const policy = {
      '@type': 'type.googleapis.com/envoy.extensions.http.custom_response.local_response_policy.v3.LocalResponsePolicy',
      status_code: 200,
      body: { inline_string: 'ok' },
    };
    const action = { action: { name: 'a', typed_config: policy } };
    const input = { name: 'code', typed_config: { '@type': data.type_url } };
    before(
      at,
      httpFilter('custom_response', 'CustomResponse', {
        custom_response_matcher: {
          matcher_tree: { input, exact_match_map: { map: { 401: action, 403: action, 400: action, 503: action } } },
        },
      }),
    );
  },
  'buffer before the check': at => before(at, httpFilter('buffer', 'Buffer', { max_request_bytes: 8388608 })),
  'decompressor before the check': at =>
    before(
      at,
      httpFilter('decompressor', 'Decompressor', {
        decompressor_library: extension('gzip', 'compression.gzip.decompressor.v3.Gzip'),
      }),
    ),
  'cors before the check': at => before(at, httpFilter('cors', 'Cors')),
  'rbac before the check': at => before(at, httpFilter('rbac', 'RBAC')),
  'health_check before the check': at =>
    before(
      at,
      httpFilter('health_check', 'HealthCheck', {
        pass_through_mode: false,
        headers: [{ name: ':path', string_match: { exact: '/healthz' } }],
      }),
    ),
  'fault behind the check': at => behind(at, httpFilter('fault', 'HTTPFault')),
  'compressor behind the check': at =>
    behind(
      at,
      httpFilter('compressor', 'Compressor', {
        compressor_library: extension('gzip', 'compression.gzip.compressor.v3.Gzip'),
      }),
    ),
  'grpc_web behind the check': at => behind(at, httpFilter('grpc_web', 'GrpcWeb')),
  'local_ratelimit behind the check': at =>
    behind(at, httpFilter('local_ratelimit', 'LocalRateLimit', { stat_prefix: 'x' })),
  'on_demand before the check': at => before(at, httpFilter('on_demand', 'OnDemand')),
  'ip_tagging behind the check names the principal': at =>
    behind(
      at,
      httpFilter('ip_tagging', 'IPTagging', {
        request_type: 'BOTH',
        ip_tags: [{ ip_tag_name: 'ada', ip_list: [{ address_prefix: '0.0.0.0', prefix_len: 0 }] }],
        ip_tag_header: { header: 'x-modelgate-principal', action: 'APPEND_IF_EXISTS_OR_ADD' },
      }),
    ),
  'ip_tagging behind the check names the client': at =>
    behind(
      at,
      httpFilter('ip_tagging', 'IPTagging', {
        request_type: 'BOTH',
        ip_tags: [{ ip_tag_name: 'near', ip_list: [{ address_prefix: '0.0.0.0', prefix_len: 0 }] }],
      }),
    ),
  'two routers': at => before(at, routerFilter()),
});
