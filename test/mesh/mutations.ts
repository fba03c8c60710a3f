import { bendObjects, type Json } from './bend-objects.ts';

/** A change of a shipped manifest that somebody might make. */
export interface Mutation {
  readonly what: string;
  bend(text: string): string;
  /** Why the file alone doesn't show it, where it doesn't: then only the dump is asked. */
  readonly unseenInFile?: string;
}

function bent(what: string, kind: string, bend: (object: Json) => void, unseenInFile?: string): Mutation {
  return {
    what,
    bend: text => bendObjects(text, kind, bend),
    ...(unseenInFile === undefined ? {} : { unseenInFile }),
  };
}

const added = (what: string, ...objects: Json[]): Mutation => ({
  what,
  bend: text => [text, ...objects.map(object => JSON.stringify(object))].join('\n---\n'),
});

const dropped = (what: string, kind: string): Mutation => ({
  what,
  bend: text => bendObjects(text, kind, () => undefined, true),
});

/** Both of them. */
const and = (first: Mutation, second: Mutation): Mutation => ({
  ...first,
  ...second,
  what: `${first.what}, and ${second.what}`,
  bend: text => second.bend(first.bend(text)),
});

const toFraud = [{ destination: { host: 'fraud.models.svc.cluster.local', port: { number: 8080 } } }];
const patchOf = (filter: Json, what: string): Json =>
  filter.spec.configPatches.findIndex((p: Json) => JSON.stringify(p).includes(what));
const without = (part: string) => (filter: Json) => {
  filter.spec.configPatches.splice(patchOf(filter, part), 1);
};
const noEarly = bent('forged headers are not taken away', 'EnvoyFilter', filter => {
  delete filter.spec.configPatches[patchOf(filter, 'early_header')].patch.value.typed_config
    .early_header_mutation_extensions;
});
const meshOf = (object: Json, bend: (text: string) => string): void => {
  object.data.mesh = bend(object.data.mesh);
};
const luaType = 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua';
const envoyFilter = (name: string, ...configPatches: Json[]): Json => ({
  apiVersion: 'networking.istio.io/v1alpha3',
  kind: 'EnvoyFilter',
  metadata: { name, namespace: 'istio-ingress' },
  spec: { configPatches },
});
const atCheck = (operation: string, value: Json): Json => ({
  applyTo: 'HTTP_FILTER',
  match: {
    context: 'GATEWAY',
    listener: {
      filterChain: {
        filter: {
          name: 'envoy.filters.network.http_connection_manager',
          subFilter: { name: 'envoy.filters.http.ext_authz' },
        },
      },
    },
  },
  patch: { operation, value },
});
/** Sends every call to a model, behind the check. */
const lua = {
  name: 'envoy.filters.http.lua',
  typed_config: {
    '@type': luaType,
    default_source_code: {
      inline_string:
        "function envoy_on_request(handle)\n  handle:headers():replace('x-modelgate-model', 'fraud')\n  handle:clearRouteCache()\nend\n",
    },
  },
};

const first = (service: Json, entry: Json) => service.spec.http.unshift(entry);
const policy = (what: string, bend: (object: Json) => void, unseenInFile?: string) =>
  bent(what, 'AuthorizationPolicy', bend, unseenInFile);
const routes = (what: string, bend: (object: Json) => void) => bent(what, 'VirtualService', bend);

const ofIstio: readonly Mutation[] = [
  dropped('no AuthorizationPolicy', 'AuthorizationPolicy'),
  policy('the policy selects other labels', ({ spec }) => {
    spec.selector = { matchLabels: { istio: 'another' } };
  }),
  policy('the policy lies in another namespace', ({ metadata }) => {
    metadata.namespace = 'models';
  }),
  policy('the policy holds for some methods', ({ spec }) => {
    spec.rules = [{ to: [{ operation: { methods: ['GET'] } }] }];
  }),
  policy('the policy leaves a path out', ({ spec }) => {
    spec.rules = [{ to: [{ operation: { notPaths: ['/open*'] } }] }];
  }),
  policy('the policy has no rule', ({ spec }) => {
    spec.rules = [];
  }),
  policy('the policy allows without asking', ({ spec }) => {
    spec.action = 'ALLOW';
    delete spec.provider;
  }),
  policy('the provider is misspelt', ({ spec }) => {
    spec.provider.name = 'modelgat';
  }),
  bent('a fault lets calls through, and nobody answers', 'ConfigMap', object =>
    meshOf(object, mesh =>
      mesh.replace('failOpen: false', 'failOpen: true').replace('modelgate.models.svc', 'nobody.models.svc'),
    ),
  ),
  bent('the check does not get the body', 'ConfigMap', object =>
    meshOf(object, mesh => mesh.replace('includeRequestBodyInCheck', 'xIncludeRequestBodyInCheck')),
  ),
  bent('the route is not chosen anew', 'EnvoyFilter', without('clear_route_cache')),
  and(bent('the route is not chosen anew', 'EnvoyFilter', without('clear_route_cache')), noEarly),
  noEarly,
  and(noEarly, dropped('no AuthorizationPolicy', 'AuthorizationPolicy')),
  dropped('no EnvoyFilter', 'EnvoyFilter'),
  added('another EnvoyFilter takes the check away', envoyFilter('gone', atCheck('REMOVE', {}))),
  added('a filter behind the check chooses the model', envoyFilter('behind', atCheck('INSERT_AFTER', lua))),
  added(
    'the check is off on a virtual host',
    envoyFilter('off', {
      applyTo: 'VIRTUAL_HOST',
      match: { context: 'GATEWAY' },
      patch: {
        operation: 'MERGE',
        value: {
          typed_per_filter_config: {
            'envoy.filters.http.ext_authz': {
              '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute',
              disabled: true,
            },
          },
        },
      },
    }),
  ),
  routes('a path leads to a model', ({ spec }) => {
    first({ spec }, { match: [{ uri: { prefix: '/open' } }], route: toFraud });
  }),
  routes("a client's header leads to a model", ({ spec }) => {
    first({ spec }, { match: [{ headers: { 'x-want': { exact: 'fraud' } } }], route: toFraud });
  }),
  routes('a query parameter leads to a model', ({ spec }) => {
    first({ spec }, { match: [{ queryParams: { want: { exact: 'fraud' } } }], route: toFraud });
  }),
  routes('what is for no model goes to one', ({ spec }) => {
    delete spec.http.at(-1).directResponse;
    spec.http.at(-1).route = toFraud;
  }),
  routes('any value of the header leads to a model', ({ spec }) => {
    spec.http[0].match = [{ headers: { 'x-modelgate-model': {} } }];
  }),
  routes('a model is chosen by what begins alike', ({ spec }) => {
    spec.http[0].match = [{ headers: { 'x-modelgate-model': { regex: '.*' } } }];
  }),
];

const gatewayRoute = (name: string, rules: Json[]): Json => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name, namespace: 'models' },
  spec: { parentRefs: [{ name: 'models' }], hostnames: ['models.example.com'], rules },
});
const fraudBackend = [{ name: 'fraud', port: 8080 }];
const security = (name: string, spec: Json): Json => ({
  apiVersion: 'gateway.envoyproxy.io/v1alpha1',
  kind: 'SecurityPolicy',
  metadata: { name, namespace: 'models' },
  spec,
});
const ofRoute = { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'models' };
const ofGateway = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'models' };
const cors = { cors: { allowOrigins: ['https://example.com'] } };
const guard = (what: string, bend: (object: Json) => void) => bent(what, 'SecurityPolicy', bend);
const rules = (what: string, bend: (rules: Json[]) => void) => bent(what, 'HTTPRoute', ({ spec }) => bend(spec.rules));
const keepForged = bent('forged headers are not taken away', 'ClientTrafficPolicy', ({ spec }) => {
  delete spec.headers.earlyRequestHeaders;
});

const ofEnvoyGateway: readonly Mutation[] = [
  dropped('no SecurityPolicy', 'SecurityPolicy'),
  guard('the policy is for another gateway', ({ spec }) => {
    spec.targetRefs[0].name = 'another';
  }),
  guard('the policy is for another listener', ({ spec }) => {
    spec.targetRefs[0].sectionName = 'another';
  }),
  guard('the policy is for labels that nothing has', ({ spec }) => {
    delete spec.targetRefs;
    spec.targetSelectors = [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', matchLabels: { gate: 'another' } }];
  }),
  added('the route has a policy of its own', security('own', { targetRefs: [ofRoute], ...cors })),
  added(
    'the listener has a policy of its own',
    security('own', { targetRefs: [{ ...ofGateway, sectionName: 'http' }], ...cors }),
  ),
  guard('a fault lets calls through, and nobody answers', ({ spec }) => {
    spec.extAuth.failOpen = true;
    spec.extAuth.grpc.backendRefs[0].name = 'nobody';
  }),
  guard('a fault is told as success, and nobody answers', ({ spec }) => {
    spec.extAuth.statusOnError = 200;
    spec.extAuth.grpc.backendRefs[0].name = 'nobody';
  }),
  guard('the route is not chosen anew', ({ spec }) => {
    delete spec.extAuth.recomputeRoute;
  }),
  and(
    guard('the route is not chosen anew', ({ spec }) => {
      delete spec.extAuth.recomputeRoute;
    }),
    keepForged,
  ),
  keepForged,
  and(keepForged, dropped('no SecurityPolicy', 'SecurityPolicy')),
  dropped('no EnvoyPatchPolicy', 'EnvoyPatchPolicy'),
  dropped('no ClientTrafficPolicy', 'ClientTrafficPolicy'),
  rules('a path leads to a model', list => {
    list.unshift({ matches: [{ path: { type: 'PathPrefix', value: '/open' } }], backendRefs: fraudBackend });
  }),
  rules("a client's header leads to a model", list => {
    list.unshift({ matches: [{ headers: [{ name: 'x-want', value: 'fraud' }] }], backendRefs: fraudBackend });
  }),
  rules('a query parameter leads to a model', list => {
    list.unshift({ matches: [{ queryParams: [{ name: 'want', value: 'fraud' }] }], backendRefs: fraudBackend });
  }),
  rules('what is for no model goes to one', list => {
    delete list.at(-1).filters;
    list.at(-1).backendRefs = fraudBackend;
  }),
  rules('a model is chosen by any value of the header', list => {
    list[0].matches = [{ headers: [{ name: 'x-modelgate-model', type: 'RegularExpression', value: '.*' }] }];
  }),
  added(
    'another route has a path that leads to a model',
    gatewayRoute('open', [{ matches: [{ path: { type: 'PathPrefix', value: '/open' } }], backendRefs: fraudBackend }]),
  ),
  added('a patch takes the check away', {
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'EnvoyPatchPolicy',
    metadata: { name: 'gone', namespace: 'models' },
    spec: {
      targetRef: ofGateway,
      type: 'JSONPatch',
      jsonPatches: [
        {
          type: 'type.googleapis.com/envoy.config.listener.v3.Listener',
          name: 'models/models/http',
          operation: {
            op: 'add',
            jsonPath: "..http_filters[?match(@.name, 'envoy.filters.http.ext_authz.*')]",
            path: 'disabled',
            value: true,
          },
        },
      ],
    },
  }),
];

export const mutations: Readonly<Record<string, readonly Mutation[]>> = {
  'istio.yaml': ofIstio,
  'envoy-gateway.yaml': ofEnvoyGateway,
};
