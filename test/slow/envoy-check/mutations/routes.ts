import { above, type Json, mutations, perRoute, pinned, put } from '../config-at.ts';

const toFraud = { route: { cluster: 'fraud', timeout: '0s' } };
const toChurn = { cluster: 'churn', timeout: '0s' };
const header = (name: string, match: Json) => ({ prefix: '/', headers: [{ name, ...match }] });
const exact = (text: string) => ({ string_match: { exact: text } });
const regex = (text: string) => ({ string_match: { safe_regex: { regex: text } } });
const mirror = (cluster: Json) => ({ request_mirror_policies: [{ ...cluster }] });
const ownHeader = (key: string, value: string) => ({ request_headers_to_add: [{ header: { key, value } }] });

/** Who chooses the upstream. */
export const routeMutations = mutations({
  'route by a prefix': at => above(at, { prefix: '/open' }),
  'route by a path': at => above(at, { path: '/open' }),
  'route by a pattern': at => above(at, { safe_regex: { regex: '/open.*' } }),
  'route by a path of segments': at => above(at, { path_separated_prefix: '/open' }),
  'route by a query': at => above(at, { prefix: '/', query_parameters: [{ name: 'want', ...exact('fraud') }] }),
  'route by a cookie': at => above(at, { prefix: '/', cookies: [{ name: 'want', string_match: { exact: 'fraud' } }] }),
  "route by a client's header": at => above(at, header('x-want', exact('fraud'))),
  'route by the method': at => above(at, header(':method', exact('PUT'))),
  'route by the host in a match': at => above(at, header(':authority', exact('fraud'))),
  'route by gRPC': at => above(at, { prefix: '/', grpc: {} }),
  'route for a share of requests': at =>
    above(at, { prefix: '/', runtime_fraction: { default_value: { numerator: 50 }, runtime_key: 'share' } }),
  'route by metadata': at =>
    above(at, {
      prefix: '/',
      dynamic_metadata: [{ filter: 'x', path: [{ key: 'kind' }], value: { present_match: true }, invert: true }],
    }),
  'route by TLS': at => above(at, { prefix: '/', tls_context: { presented: false } }),
  'one cluster for all': at => put(at.last, 'route', { cluster: 'fraud', timeout: '0s' }),
  'weighted clusters': at =>
    put(at.last, 'route', {
      timeout: '0s',
      weighted_clusters: {
        clusters: [
          { name: 'fraud', weight: 50 },
          { name: 'churn', weight: 50 },
        ],
      },
    }),
  'weighted clusters on a path': at =>
    above(
      at,
      { prefix: '/open' },
      { route: { timeout: '0s', weighted_clusters: { clusters: [{ name: 'fraud', weight: 1 }] } } },
    ),
  "a weighted cluster by a client's header": at =>
    put(at.last, 'route', {
      timeout: '0s',
      weighted_clusters: { clusters: [{ cluster_header: 'x-want', weight: 1 }] },
    }),
  "cluster_header of a client's": at => put(at.last.route, 'cluster_header', 'x-want'),
  'cluster_header of the host': at => put(at.last.route, 'cluster_header', ':authority'),
  'cluster_header of the principal': at => put(at.last.route, 'cluster_header', 'x-modelgate-principal'),
  'cluster_header of the model': at => put(at.last.route, 'cluster_header', 'x-modelgate-model'),
  'any model by its header': at => above(at, header('x-modelgate-model', { present_match: true })),
  'any model but one': at => above(at, header('x-modelgate-model', { ...exact('other'), invert_match: true })),
  'any model by a pattern': at => above(at, header('x-modelgate-target', regex('.*'))),
  'any model by a pattern of a dot': at => above(at, header('x-modelgate-target', regex('chur.'))),
  'models by a beginning': at => above(at, header('x-modelgate-model', { string_match: { prefix: 'ch' } })),
  'models by an end': at => above(at, header('x-modelgate-model', { string_match: { suffix: 'urn' } })),
  'models by a part': at => above(at, header('x-modelgate-model', { string_match: { contains: 'hur' } })),
  'models by a list with both names': at => above(at, header('x-modelgate-model', regex('churn|fraud'))),
  'a model by its name': at => above(at, header('x-modelgate-model', exact('fraud'))),
  "a model by another's name": at => above(at, header('x-modelgate-model', exact('churn'))),
  'the project by its name': at => above(at, header('x-modelgate-project', exact('marketing'))),
  'no header at all': at => above(at, header('x-absent', { present_match: true, invert_match: true })),
  'a pin': at => above(at, { prefix: '/open' }, pinned('fraud')),
  "a pin of another's name": at => above(at, { prefix: '/open' }, pinned('churn')),
  'a pin that is empty': at => above(at, { prefix: '/open' }, pinned('')),
  'other context extensions': at =>
    above(at, { prefix: '/open' }, perRoute({ check_settings: { context_extensions: { model: 'fraud' } } })),
  'a pin above cluster_header of a client': at =>
    above(at, { prefix: '/open' }, { route: { cluster_header: 'x-want', timeout: '0s' }, ...pinned('churn') }),
  'a virtual host of its own': at =>
    void at.routeConfig.virtual_hosts.push({
      name: 'fraud',
      domains: ['fraud'],
      routes: [{ match: { prefix: '/' }, ...toFraud }],
    }),
  'a virtual host by a beginning': at =>
    void at.routeConfig.virtual_hosts.push({
      name: 'fraud',
      domains: ['*aud'],
      routes: [{ match: { prefix: '/' }, ...toFraud }],
    }),
  'a mirror on a pinned route': at =>
    above(
      at,
      { prefix: '/open' },
      { route: { cluster: 'churn', timeout: '0s', ...mirror({ cluster: 'fraud' }) }, ...pinned('churn') },
    ),
  "a mirror on a model's route": at =>
    above(at, header('x-modelgate-model', exact('churn')), {
      route: { cluster: 'churn', timeout: '0s', ...mirror({ cluster: 'fraud' }) },
    }),
  "weighted clusters on a model's route": at =>
    above(at, header('x-modelgate-model', exact('churn')), {
      route: {
        timeout: '0s',
        weighted_clusters: {
          clusters: [
            { name: 'fraud', weight: 9 },
            { name: 'churn', weight: 1 },
          ],
        },
      },
    }),
  'a pinned weighted cluster beside one that is not': at =>
    above(
      at,
      { prefix: '/open' },
      {
        route: {
          timeout: '0s',
          weighted_clusters: {
            clusters: [
              { name: 'churn', weight: 1, ...pinned('churn') },
              { name: 'fraud', weight: 9 },
            ],
          },
        },
      },
    ),
  "a client's header on a model's route": at =>
    above(at, header('x-modelgate-model', exact('churn')), { route: { cluster_header: 'x-want', timeout: '0s' } }),
  'a mirror on the route': at => void Object.assign(at.last.route, mirror({ cluster: 'fraud' })),
  'a mirror on the virtual host': at => void Object.assign(at.host, mirror({ cluster: 'fraud' })),
  'a mirror of all routes': at => void Object.assign(at.routeConfig, mirror({ cluster: 'fraud' })),
  "a mirror by a client's header": at => void Object.assign(at.last.route, mirror({ cluster_header: 'x-want' })),
  'virtual hosts by a header': at => {
    at.routeConfig.vhost_header = 'x-want';
    at.routeConfig.virtual_hosts.push({
      name: 'fraud',
      domains: ['fraud'],
      routes: [{ match: { prefix: '/' }, ...toFraud }],
    });
  },
  'a matcher tree': at => {
    const route = { '@type': 'type.googleapis.com/envoy.config.route.v3.Route', match: { prefix: '/' }, ...toFraud };
    delete at.host.routes;
    at.host.matcher = { on_no_match: { action: { name: 'route', typed_config: route } } };
  },
  'a cluster specifier in Lua': at => {
    const type = 'type.googleapis.com/envoy.extensions.router.cluster_specifiers.lua.v3.LuaConfig';
    const source = { inline_string: 'function envoy_on_route(handle) return "fraud" end' };
    const config = { '@type': type, source_code: source, default_cluster: 'fraud' };
    at.last.route = {
      timeout: '0s',
      inline_cluster_specifier_plugin: { extension: { name: 'lua', typed_config: config } },
    };
  },
  'headers of a route name the principal': at => void Object.assign(at.last, ownHeader('x-modelgate-principal', 'ada')),
  'headers of a virtual host name the principal': at =>
    void Object.assign(at.host, ownHeader('X-Modelgate-Principal', 'ada')),
  'headers of all routes name the principal': at =>
    void Object.assign(at.routeConfig, ownHeader('x-modelgate-principal', 'ada')),
  "headers of a route repeat the client's": at =>
    void Object.assign(at.last, ownHeader('x-modelgate-model', '%REQ(x-want)%')),
  'headers of a route by another spelling': at =>
    void Object.assign(at.last, ownHeader('x_modelgate_principal', 'ada')),
  'a route removes the principal': at => put(at.last, 'request_headers_to_remove', ['x-modelgate-principal']),
  'a route removes credentials': at => put(at.last, 'request_headers_to_remove', ['authorization']),
  'a route copies credentials': at => void Object.assign(at.last, ownHeader('x-copy', '%REQ(authorization)%')),
  'an internal redirect': at => put(at.last.route, 'internal_redirect_policy', { max_internal_redirects: 3 }),
  retries: at => put(at.last.route, 'retry_policy', { retry_on: '5xx', num_retries: 2 }),
  'a rewritten path': at => put(at.last.route, 'prefix_rewrite', '/rewritten/'),
  "a host by a client's header": at => put(at.last.route, 'host_rewrite_header', 'x-want'),
  'no route for other paths': at => put(at.last, 'match', { prefix: '/model' }),
  'routes by the header alone': at => {
    at.last.match = header('x-modelgate-model', exact('fraud'));
    at.last.route = toFraud.route;
  },
  'pins told apart by credentials': at => {
    above(at, { prefix: '/open' }, pinned('fraud'));
    above(at, header('authorization', { present_match: true }), { route: toChurn, ...pinned('churn') });
  },
  "pins told apart by a client's header": at => {
    above(at, { prefix: '/open' }, pinned('fraud'));
    above(at, header('x-model-access-key', { present_match: true }), { route: toChurn, ...pinned('churn') });
  },
  'pins told apart by a parameter': at => {
    above(at, { prefix: '/open' }, pinned('fraud'));
    const query_parameters = [{ name: 'accessKey', present_match: true }];
    above(at, { prefix: '/open', query_parameters }, { route: toChurn, ...pinned('churn') });
  },
  'the target on a header, above a pin': at => {
    above(at, { prefix: '/open' }, pinned('fraud'));
    above(at, header('authorization', { present_match: true }), { route: { ...at.last.route } });
  },
  'pins told apart by the method': at => {
    above(at, { prefix: '/open' }, pinned('fraud'));
    above(at, header(':method', exact('PUT')), { route: toChurn, ...pinned('churn') });
  },
  'a plugin that names the cluster': at => {
    const type = 'type.googleapis.com/envoy.extensions.router.cluster_specifiers.lua.v3.LuaConfig';
    const source = { inline_string: 'function envoy_on_route(handle) return "fraud" end' };
    const typed_config = { '@type': type, source_code: source, default_cluster: 'fraud' };
    at.routeConfig.cluster_specifier_plugins = [{ extension: { name: 'lua', typed_config } }];
    at.last.route = { timeout: '0s', cluster_specifier_plugin: 'lua' };
  },
  'a direct answer': at => void at.routes.unshift({ match: { path: '/open' }, direct_response: { status: 200 } }),
  'a redirect': at => void at.routes.unshift({ match: { path: '/open' }, redirect: { host_redirect: 'example.com' } }),
});
