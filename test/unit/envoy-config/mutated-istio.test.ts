import type { Json } from '../../support/manifest.ts';
import { expectFound, expectSound, type Mutation } from '../../support/mutated-manifest.ts';

const set = Object.assign;
const manager = (filter: Json) => filter.spec.configPatches[1].patch.value.typed_config;
const patch = (filter: Json, more: Json) => filter.spec.configPatches.push(more);
const onRoute = (value: Json) => ({ applyTo: 'HTTP_ROUTE', patch: { operation: 'MERGE', value } });
const merging = (typed_config: Json) => ({
  applyTo: 'HTTP_FILTER',
  match: { listener: { filterChain: { filter: { subFilter: { name: 'envoy.filters.http.ext_authz' } } } } },
  patch: { operation: 'MERGE', value: { typed_config } },
});
const extAuthz = 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz';
const service = (port: Json) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'modelgate', namespace: 'models' },
  spec: { ports: [{ port: 9191, ...port }] },
});
const istioGateway = (selector: Json) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'Gateway',
  metadata: { name: 'models', namespace: 'istio-ingress' },
  spec: { selector },
});
const selected = (policy: Json, all: Json[], istio: string, more: Json = {}) => {
  all.push(istioGateway({ istio: 'ingress' }));
  policy.spec.selector = { matchLabels: { istio, ...more } };
};
const to = (host: string) => [{ destination: { host: `${host}.models.svc.cluster.local` } }];

const forHosts = (policy: Json, ...hosts: string[]) => set(policy.spec.rules[0], { to: [{ operation: { hosts } }] });
const byModel = (model: string) => ({
  prefix: '/',
  headers: [{ name: 'x-modelgate-model', string_match: { exact: model } }],
});
const openRoute = {
  match: { prefix: '/open' },
  route: { cluster: 'outbound|8080||fraud.models.svc.cluster.local', timeout: '0s' },
};
const inserted = (applyTo: string, value: Json) => ({ applyTo, patch: { operation: 'INSERT_FIRST', value } });

const table: readonly Mutation[] = [
  [
    'the provider is misspelt',
    'AuthorizationPolicy',
    it => set(it.spec.provider, { name: 'modelgat' }),
    'check-cluster-unknown',
  ],
  ['the selector misses the gateway', 'AuthorizationPolicy', (it, all) => selected(it, all, 'other'), 'no-ext-authz'],
  [
    'the selector names more',
    'AuthorizationPolicy',
    (it, all) => selected(it, all, 'ingress', { app: 'x' }),
    '?whether its workloads have the labels',
  ],
  [
    'another namespace',
    'AuthorizationPolicy',
    it => set(it.metadata, { namespace: 'models' }),
    '?no EnvoyFilter is in its namespace',
  ],
  [
    'a condition',
    'AuthorizationPolicy',
    it => set(it.spec.rules[0], { when: [{ key: 'a', values: ['b'] }] }),
    'check-conditional',
  ],
  [
    'methods',
    'AuthorizationPolicy',
    it => set(it.spec.rules[0], { to: [{ operation: { methods: ['GET'] } }] }),
    'check-conditional',
  ],
  ['no policy', 'AuthorizationPolicy', (it, all) => all.splice(all.indexOf(it), 1), 'no-ext-authz'],
  ['a Service of HTTP/1', 'EnvoyFilter', (_it, all) => all.push(service({ name: 'http' })), 'check-cluster-http1'],
  ['a Service without a name', 'EnvoyFilter', (_it, all) => all.push(service({})), 'check-cluster-http1'],
  [
    'appProtocol before the name',
    'EnvoyFilter',
    (_it, all) => all.push(service({ name: 'grpc', appProtocol: 'http' })),
    'check-cluster-http1',
  ],
  [
    'patches of sidecars',
    'EnvoyFilter',
    it => set(it.spec.configPatches[2].match, { context: 'SIDECAR_INBOUND' }),
    'missing-clear-route-cache',
  ],
  ['no early removal', 'EnvoyFilter', it => delete manager(it).early_header_mutation_extensions, 'forged-header-kept'],
  [
    'early removal of one',
    'EnvoyFilter',
    it => manager(it).early_header_mutation_extensions[0].typed_config.mutations.shift(),
    'forged-header-kept',
  ],
  [
    'a lent key',
    'EnvoyFilter',
    it =>
      manager(it).early_header_mutation_extensions[0].typed_config.mutations.push({
        append: { header: { key: 'x-api-key', value: 'example' } },
      }),
    'credential-lent',
  ],
  [
    'refusals as 200',
    'EnvoyFilter',
    it => set(manager(it), { local_reply_config: { mappers: [{ status_code: 200 }] } }),
    'failure-looks-like-success',
  ],
  ['shadow mode', 'EnvoyFilter', it => patch(it, merging({ '@type': extAuthz, shadow_mode: true })), 'check-disabled'],
  [
    'another authorizer',
    'EnvoyFilter',
    it => patch(it, merging({ '@type': extAuthz, http_service: {} })),
    'check-disabled',
  ],
  [
    'a route to what a header says',
    'EnvoyFilter',
    it => patch(it, onRoute({ route: { cluster_header: 'x-want' } })),
    'upstream-not-decided',
  ],
  [
    'a mirror',
    'EnvoyFilter',
    it => patch(it, onRoute({ route: { request_mirror_policies: [{ cluster: 'x' }] } })),
    'upstream-not-decided',
  ],
  [
    'a route that names the principal',
    'EnvoyFilter',
    it => patch(it, onRoute({ request_headers_to_add: [{ header: { key: 'x-modelgate-principal', value: 'ada' } }] })),
    'filter-behind-check',
  ],
  [
    'a cluster of the client',
    'EnvoyFilter',
    it =>
      patch(it, {
        applyTo: 'CLUSTER',
        patch: { operation: 'MERGE', value: { original_dst_lb_config: { use_http_header: true } } },
      }),
    'upstream-not-decided',
  ],
  [
    'a route by a path',
    'VirtualService',
    it => it.spec.http.unshift({ match: [{ uri: { prefix: '/open' } }], route: to('fraud') }),
    'upstream-not-decided',
  ],
  [
    "a route by another's name",
    'VirtualService',
    it => set(it.spec.http[1], { route: to('fraud') }),
    '?whether fraud serves the model churn',
  ],
  [
    'a header of ours',
    'VirtualService',
    it => set(it.spec.http[0], { headers: { request: { set: { 'x-modelgate-principal': 'ada' } } } }),
    'filter-behind-check',
  ],
  [
    'a header of ours at a destination',
    'VirtualService',
    it => set(it.spec.http[0].route[0], { headers: { request: { remove: ['x-modelgate-model'] } } }),
    'filter-behind-check',
  ],
  [
    'a mirror to another model',
    'VirtualService',
    it => set(it.spec.http[1], { mirrors: to('fraud') }),
    '?whether fraud serves the model churn',
  ],
  [
    'a delegate',
    'VirtualService',
    it => it.spec.http.unshift({ match: [{ uri: { prefix: '/x' } }], delegate: { name: 'x' } }),
    '?routes by delegate',
  ],
  [
    'routes of TCP',
    'VirtualService',
    it => set(it.spec, { tcp: [{ route: to('fraud') }] }),
    '?tcp routes of VirtualService',
  ],
  [
    'streams without a match',
    'VirtualService',
    it => delete it.spec.http.find((route: Json) => route.name === 'streams').match,
    'body-not-sent',
  ],
  [
    'streams by any content type',
    'VirtualService',
    it =>
      set(
        it.spec.http.find((route: Json) => route.name === 'streams'),
        { match: [{ headers: { 'content-type': { regex: 'application/grpc|.*' } } }] },
      ),
    'body-not-sent',
  ],
  [
    'no bodies on any route',
    'EnvoyFilter',
    it => delete it.spec.configPatches.at(-1).match.routeConfiguration,
    'body-not-sent',
  ],
  [
    'no bodies on a route that is elsewhere',
    'EnvoyFilter',
    it => set(it.spec.configPatches.at(-1).match.routeConfiguration.vhost.route, { name: 'other' }),
    '?which calls are on the route that it is for',
  ],
  [
    'one host of two',
    'AuthorizationPolicy',
    it => forHosts(it, 'a.example.com', 'a.example.com:*'),
    'check-conditional',
  ],
  ['a host without ports', 'AuthorizationPolicy', it => forHosts(it, 'models.example.com'), 'check-conditional'],
  [
    'a port',
    'AuthorizationPolicy',
    it => set(it.spec.rules[0], { to: [{ operation: { ports: ['8080'] } }] }),
    '?whether its gateways listen on other ports',
  ],
  [
    'every host',
    'VirtualService',
    (it, all) => {
      forHosts(
        all.find(object => object.kind === 'AuthorizationPolicy'),
        'models.example.com',
        'models.example.com:*',
      );
      it.spec.hosts = ['*'];
    },
    'check-conditional',
  ],
  ['a patched route', 'EnvoyFilter', it => patch(it, inserted('HTTP_ROUTE', openRoute)), 'upstream-not-decided'],
  [
    'a patched virtual host',
    'EnvoyFilter',
    it => patch(it, inserted('VIRTUAL_HOST', { name: 'open', domains: ['open'], routes: [openRoute] })),
    'upstream-not-decided',
  ],
  [
    'a patched route of one model to another',
    'EnvoyFilter',
    it => patch(it, inserted('HTTP_ROUTE', { ...openRoute, match: byModel('churn') })),
    '?serves the model churn',
  ],
  [
    'a route to another cluster',
    'EnvoyFilter',
    it => patch(it, onRoute({ route: { cluster: 'x' } })),
    '?configPatches[4].patch.value.route.cluster: a patch of it is not read here',
  ],
  ['a wider match', 'EnvoyFilter', it => patch(it, onRoute({ match: { prefix: '/' } })), '?value.match: a patch'],
  [
    'another authorizer by gRPC',
    'EnvoyFilter',
    it => patch(it, merging({ '@type': extAuthz, grpc_service: {} })),
    '?grpc_service: a patch of it is not read here',
  ],
  [
    'every filter out',
    'EnvoyFilter',
    it => patch(it, { applyTo: 'HTTP_FILTER', patch: { operation: 'REMOVE' } }),
    'check-disabled',
  ],
  [
    'another way out of the listener',
    'EnvoyFilter',
    it => patch(it, { applyTo: 'NETWORK_FILTER', patch: { operation: 'INSERT_FIRST', value: { name: 'x' } } }),
    '?patch.operation: a patch of it is not read here',
  ],
  [
    'hosts of another',
    'EnvoyFilter',
    it =>
      patch(it, {
        applyTo: 'CLUSTER',
        patch: { operation: 'MERGE', value: { eds_cluster_config: { service_name: 'x' } } },
      }),
    '?eds_cluster_config: a patch of it is not read here',
  ],
  [
    'code in front of the check',
    'EnvoyFilter',
    it =>
      patch(it, {
        applyTo: 'HTTP_FILTER',
        patch: { operation: 'INSERT_FIRST', value: { name: 'envoy.filters.http.lua' } },
      }),
    '?what it does stands in code',
  ],
  [
    'pins told apart by a header',
    'VirtualService',
    (it, all) => {
      const pin = { context_extensions: { modelgate_model: 'fraud' } };
      const check = { '@type': 'x', check_settings: pin };
      all
        .find(({ kind }) => kind === 'EnvoyFilter')
        .spec.configPatches.push({
          ...onRoute({ typed_per_filter_config: { 'envoy.filters.http.ext_authz': check } }),
          match: { routeConfiguration: { vhost: { route: { name: 'open' } } } },
        });
      const match = [{ uri: { prefix: '/open' }, headers: { authorization: { prefix: 'Bearer' } } }];
      it.spec.http.unshift({ name: 'open', match, route: to('fraud') });
    },
    '?whether a call is still on spec.http[0] after the check',
  ],
  [
    'weights to a Service of another name',
    'VirtualService',
    it => it.spec.http[1].route.push(...to('other')),
    '?whether other serves the model churn',
  ],
  [
    'a Service by another name',
    'VirtualService',
    (_it, all) =>
      all.push({ ...service({}), metadata: { name: 'extra', namespace: 'models' }, spec: { type: 'ExternalName' } }),
    '?Service models/extra',
  ],
];

describe(`T1 T2 istio.yaml: ${table.length} mutations, each found or named as not checked`, () => {
  expectFound('envoy/istio.yaml', table);
});

describe('T1 istio.yaml with labels and Services that fit', () => {
  expectSound('envoy/istio.yaml', [
    ['a selector of the gateway', 'EnvoyFilter', (_it, all) => all.push(istioGateway({ istio: 'ingress' }))],
    ['a Service of gRPC', 'EnvoyFilter', (_it, all) => all.push(service({ name: 'grpc-check' }))],
    [
      'a policy for the host of the routes, with any port',
      'AuthorizationPolicy',
      it => forHosts(it, 'models.example.com', 'models.example.com:*'),
    ],
    [
      'a patched route of a model to its own Service',
      'EnvoyFilter',
      it => patch(it, inserted('HTTP_ROUTE', { ...openRoute, match: byModel('fraud') })),
    ],
    ['a longer idle time', 'EnvoyFilter', it => patch(it, onRoute({ route: { idle_timeout: '900s' } }))],
    ['a Service of h2c', 'EnvoyFilter', (_it, all) => all.push(service({ appProtocol: 'kubernetes.io/h2c' }))],
  ]);
});
