import type { Json } from '../../support/manifest.ts';
import { expectFound, expectSound, type Mutation } from '../../support/mutated-manifest.ts';

const set = Object.assign;
const another = (spec: Json) => ({
  apiVersion: 'gateway.envoyproxy.io/v1alpha1',
  kind: 'SecurityPolicy',
  metadata: { name: 'other', namespace: 'models' },
  spec: { cors: {}, ...spec },
});
const byLabel = (kind: string, labels: Json) => ({ targetSelectors: [{ kind, matchLabels: labels }] });
const filterOf = (type: string, value: Json) => [{ type, [`${type[0]?.toLowerCase()}${type.slice(1)}`]: value }];
const forcing = (name: string, value: Json) => ({
  type: 'type.googleapis.com/envoy.config.cluster.v3.Cluster',
  name: 'any',
  operation: { op: 'add', path: `/${name}`, value },
});

const listener = 'listener.v3.Listener';
const route = 'route.v3.RouteConfiguration';
const ofCheck = "..http_filters[?match(@.name, 'envoy.filters.http.ext_authz.*')]";
const patch = (policy: Json, resource: string, operation: Json) =>
  policy.spec.jsonPatches.push({ type: `type.googleapis.com/envoy.config.${resource}`, name: 'any', operation });
const openRoute = { match: { prefix: '/open' }, route: { cluster: 'httproute/models/models/rule/0', timeout: '0s' } };
const streams = (all: Json[]) => all.find(({ kind, metadata }) => kind === 'HTTPRoute' && metadata.name === 'streams');

/** A copy of a policy, for one route, that sends no body. */
const unbuffered = (policy: Json, name: string) => {
  const copy = structuredClone(policy);
  copy.metadata.name = 'unbuffered';
  copy.spec.targetRefs = [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name }];
  delete copy.spec.extAuth.bodyToExtAuth;
  return copy;
};

const table: readonly Mutation[] = [
  ['a listener of another name', 'Gateway', it => set(it.spec.listeners[0], { name: 'https' }), 'patch-without-target'],
  [
    'a policy for labels that nothing has',
    'SecurityPolicy',
    it => set(it.spec, { targetRefs: undefined, ...byLabel('Gateway', { a: 'b' }) }),
    'no-ext-authz',
  ],
  [
    'a policy on the route by its labels',
    'HTTPRoute',
    (it, all) => {
      set(it.metadata, { labels: { a: 'b' } });
      all.push(another(byLabel('HTTPRoute', { a: 'b' })));
    },
    'check-disabled',
  ],
  [
    'a policy for labels of other routes',
    'HTTPRoute',
    (_it, all) => all.push(another(byLabel('HTTPRoute', { a: 'b' }))),
    '?nothing in this file has such labels',
  ],
  [
    'a policy of one rule',
    'HTTPRoute',
    (it, all) => all.push(another({ targetRefs: [{ kind: 'HTTPRoute', name: it.metadata.name, sectionName: 'one' }] })),
    'check-disabled',
  ],
  [
    'a policy of a listener',
    'HTTPRoute',
    (_it, all) => all.push(another({ targetRefs: [{ kind: 'Gateway', name: 'models', sectionName: 'http' }] })),
    'check-disabled',
  ],
  [
    'another authorizer on the route',
    'HTTPRoute',
    (it, all) =>
      all.push(
        another({
          targetRefs: [{ kind: 'HTTPRoute', name: it.metadata.name }],
          extAuth: { grpc: { backendRefs: [{ name: 'x', port: 1 }] } },
        }),
      ),
    '?is Modelgate; another policy asks another',
  ],
  [
    'an authorizer by HTTP',
    'SecurityPolicy',
    it => set(it.spec.extAuth, { grpc: undefined, http: {} }),
    'no-ext-authz',
  ],
  ['no early removal', 'ClientTrafficPolicy', it => delete it.spec.headers.earlyRequestHeaders, 'forged-header-kept'],
  [
    'early removal of one',
    'ClientTrafficPolicy',
    it => it.spec.headers.earlyRequestHeaders.remove.shift(),
    'forged-header-kept',
  ],
  ['no ClientTrafficPolicy', 'ClientTrafficPolicy', (it, all) => all.splice(all.indexOf(it), 1), 'forged-header-kept'],
  [
    'a lent key',
    'ClientTrafficPolicy',
    it => set(it.spec.headers.earlyRequestHeaders, { set: [{ name: 'X-Api-Key', value: 'example' }] }),
    'credential-lent',
  ],
  [
    'refusals as 200',
    'HTTPRoute',
    (_it, all) =>
      all.push({
        apiVersion: 'gateway.envoyproxy.io/v1alpha1',
        kind: 'BackendTrafficPolicy',
        metadata: { name: 'x', namespace: 'models' },
        spec: { responseOverride: [{ match: {}, response: { statusCode: 200 } }] },
      }),
    'failure-looks-like-success',
  ],
  [
    'a route by a path',
    'HTTPRoute',
    it => it.spec.rules.unshift({ ...it.spec.rules[0], matches: [{ path: { type: 'PathPrefix', value: '/open' } }] }),
    'upstream-not-decided',
  ],
  [
    "a route by another's name",
    'HTTPRoute',
    it => set(it.spec.rules[1].backendRefs[0], { name: 'fraud' }),
    '?whether fraud serves the model churn',
  ],
  [
    'a header of ours',
    'HTTPRoute',
    it =>
      set(it.spec.rules[0], {
        filters: filterOf('RequestHeaderModifier', { set: [{ name: 'x-modelgate-principal', value: 'ada' }] }),
      }),
    'filter-behind-check',
  ],
  [
    'a header of ours at a backend',
    'HTTPRoute',
    it =>
      set(it.spec.rules[0].backendRefs[0], {
        filters: filterOf('RequestHeaderModifier', { remove: ['X-Modelgate-Model'] }),
      }),
    'filter-behind-check',
  ],
  [
    'a mirror',
    'HTTPRoute',
    it =>
      it.spec.rules.unshift({
        matches: [{ path: { value: '/x' } }],
        filters: filterOf('RequestMirror', { backendRef: { name: 'fraud' } }),
      }),
    'upstream-not-decided',
  ],
  [
    'a mirror to another model',
    'HTTPRoute',
    it => set(it.spec.rules[1], { filters: filterOf('RequestMirror', { backendRef: { name: 'fraud' } }) }),
    '?whether fraud serves the model churn',
  ],
  [
    'a mirror of a cluster',
    'EnvoyPatchPolicy',
    it => it.spec.jsonPatches.push(forcing('request_mirror_policies', [{ cluster: 'x' }])),
    'upstream-not-decided',
  ],
  [
    'a TCPRoute',
    'HTTPRoute',
    (_it, all) =>
      all.push({
        apiVersion: 'gateway.networking.k8s.io/v1alpha2',
        kind: 'TCPRoute',
        metadata: { name: 'x' },
        spec: {},
      }),
    '?TCPRoute default/x',
  ],
  [
    'streams by any content type',
    'HTTPRoute',
    (_it, all) => set(streams(all).spec.rules[0].matches[0].headers[0], { value: '.*' }),
    'body-not-sent',
  ],
  ['streams without a match', 'HTTPRoute', (_it, all) => delete streams(all).spec.rules[0].matches, 'body-not-sent'],
  [
    'no bodies on any route',
    'EnvoyPatchPolicy',
    it =>
      patch(it, route, {
        op: 'add',
        jsonPath: '..check_settings',
        path: 'disable_request_body_buffering',
        value: true,
      }),
    '?which calls are on the routes that it is for',
  ],
  [
    'the check taken out',
    'EnvoyPatchPolicy',
    it => patch(it, listener, { op: 'remove', jsonPath: ofCheck }),
    'check-disabled',
  ],
  [
    'another filter in the place of the check',
    'EnvoyPatchPolicy',
    it => patch(it, listener, { op: 'replace', jsonPath: ofCheck, value: { name: 'envoy.filters.http.cors' } }),
    'check-disabled',
  ],
  [
    'no settings of the check',
    'EnvoyPatchPolicy',
    it => patch(it, route, { op: 'replace', jsonPath: '..routes[*]', path: 'typed_per_filter_config', value: {} }),
    'check-disabled',
  ],
  [
    'settings of the check taken away',
    'EnvoyPatchPolicy',
    it => patch(it, route, { op: 'remove', path: '/virtual_hosts/0/routes/0/typed_per_filter_config' }),
    'check-disabled',
  ],
  [
    'something taken away',
    'EnvoyPatchPolicy',
    it => patch(it, listener, { op: 'remove', path: '/default_filter_chain/filters/0/typed_config/stat_prefix' }),
    '?what is left after its remove',
  ],
  [
    'something set to null',
    'EnvoyPatchPolicy',
    it => patch(it, listener, { op: 'replace', jsonPath: ofCheck, path: 'typed_config', value: null }),
    '?what is left after its replace',
  ],
  [
    'something moved',
    'EnvoyPatchPolicy',
    it => patch(it, listener, { op: 'move', from: '/a', path: '/b' }),
    '?what is left after its move',
  ],
  [
    'a patched route',
    'EnvoyPatchPolicy',
    it => patch(it, route, { op: 'add', path: '/virtual_hosts/0/routes/0', value: openRoute }),
    'upstream-not-decided',
  ],
  [
    'a patched virtual host',
    'EnvoyPatchPolicy',
    it => patch(it, route, { op: 'add', path: '/virtual_hosts/-', value: { domains: ['x'], routes: [openRoute] } }),
    'upstream-not-decided',
  ],
  [
    'a route to another cluster',
    'EnvoyPatchPolicy',
    it => patch(it, route, { op: 'replace', jsonPath: '..routes[*].route', path: 'cluster', value: 'x' }),
    '?a patch of it is not read here',
  ],
  [
    'a filter chain put in place of another',
    'EnvoyPatchPolicy',
    it => patch(it, listener, { op: 'add', path: '/default_filter_chain', value: { filters: [] } }),
    '?what it puts in the place of defaultFilterChain',
  ],
  [
    'a patched route without the check',
    'EnvoyPatchPolicy',
    it => {
      const headers = [{ name: 'x-modelgate-model', string_match: { exact: 'fraud' } }];
      patch(it, route, { op: 'add', path: '/virtual_hosts/0/routes/0', value: { ...openRoute, match: { headers } } });
    },
    'check-disabled',
  ],
  [
    'a resource put in place of another',
    'EnvoyPatchPolicy',
    it => patch(it, route, { op: 'replace', path: '', value: { virtual_hosts: [] } }),
    '?what it puts in the place of all',
  ],
  [
    'a host more',
    'EnvoyPatchPolicy',
    it => patch(it, route, { op: 'add', path: '/virtual_hosts/0/domains/-', value: 'open.example.com' }),
    '?a patch of it is not read here',
  ],
  [
    'hosts of another',
    'EnvoyPatchPolicy',
    it => patch(it, 'cluster.v3.Cluster', { op: 'replace', path: '/eds_cluster_config/service_name', value: 'x' }),
    '?a patch of it is not read here',
  ],
  [
    'endpoints',
    'EnvoyPatchPolicy',
    it => patch(it, 'endpoint.v3.ClusterLoadAssignment', { op: 'replace', path: '/endpoints', value: [] }),
    '?a patch of it is not read here',
  ],
  [
    'a policy of the route that sends no body',
    'SecurityPolicy',
    (it, all) => all.push(unbuffered(it, 'models')),
    'body-not-sent',
  ],
  [
    'pins told apart by a header',
    'SecurityPolicy',
    (it, all) => {
      const policy = unbuffered(it, 'models');
      policy.spec.extAuth.contextExtensions = [{ name: 'modelgate_model', type: 'Value', value: 'fraud' }];
      all.push(policy);
      const match = { headers: [{ name: 'authorization', type: 'RegularExpression', value: '.+' }] };
      all.find(({ kind }) => kind === 'HTTPRoute').spec.rules[0].matches = [match];
    },
    '?whether a call is still on spec.rules[0] after the check',
  ],
  [
    "a route to another Service, though the model's own is in the file",
    'HTTPRoute',
    (it, all) => {
      it.spec.rules = [{ ...it.spec.rules[1], backendRefs: [{ name: 'other', port: 8080 }] }, it.spec.rules[2]];
      all.push({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'churn', namespace: 'models' } });
    },
    '?whether other serves the model churn',
  ],
  [
    'another order of filters',
    'EnvoyProxy',
    it => set(it.spec, { filterOrder: [{ name: 'envoy.filters.http.ext_authz', after: 'envoy.filters.http.router' }] }),
    '?EnvoyProxy models/models: filterOrder is not read here',
  ],
  [
    'a credential of the gateway',
    'HTTPRouteFilter',
    it => set(it.spec, { credentialInjection: {} }),
    '?HTTPRouteFilter models/unmatched: credentialInjection is not read here',
  ],
];

describe(`T1 T2 envoy-gateway.yaml: ${table.length} mutations, each found or named as not checked`, () => {
  expectFound('envoy/envoy-gateway.yaml', table);
});

describe('T1 envoy-gateway.yaml with labels that fit', () => {
  expectSound('envoy/envoy-gateway.yaml', [
    ['a policy of streams that sends no body', 'SecurityPolicy', (it, all) => all.push(unbuffered(it, 'streams'))],
    [
      'a policy of the Gateway by its labels',
      'SecurityPolicy',
      (it, all) => {
        set(all.find(object => object.kind === 'Gateway').metadata, { labels: { serves: 'models' } });
        set(it.spec, { targetRefs: undefined, ...byLabel('Gateway', { serves: 'models' }) });
      },
    ],
  ]);
});
