import type { Json, Manifest, Slip } from './manifest.ts';
import { type Mutation, mutation } from './mutation.ts';
import { detached, keepsForgedHeaders } from './slips.ts';

const file = 'istio.yaml';
const forged = keepsForgedHeaders[file] as Slip;

const rulesOf = (manifest: Manifest): Json => manifest.one('AuthorizationPolicy').spec.rules;
const routesOf = (manifest: Manifest): Json[] => manifest.one('VirtualService').spec.http;
const to = (name: string) => ({ destination: { host: `${name}.models.svc.cluster.local`, port: { number: 8080 } } });

/** Rules of the policy in place of the one that matches everything. */
const rules = (what: string, rule: Json): Slip => ({
  what: `checked only ${what}`,
  bend: manifest => rulesOf(manifest).splice(0, 1, rule),
});

/** Changes the text of MeshConfig. */
const mesh = (what: string, from: string | RegExp, into: string): Slip => ({
  what,
  bend: manifest => {
    const { data } = manifest.one('ConfigMap');
    const bent = data.mesh.replace(from, into);
    if (bent === data.mesh) throw new Error(`no ${from} in MeshConfig`);
    data.mesh = bent;
  },
});

const failOpen = mesh('failOpen', 'failOpen: false', 'failOpen: true');

const patch = (what: string, added: Json): Slip => ({
  what,
  bend: manifest => manifest.one('EnvoyFilter').spec.configPatches.push(added),
});

const authzMatch = {
  context: 'GATEWAY',
  listener: {
    filterChain: {
      filter: {
        name: 'envoy.filters.network.http_connection_manager',
        subFilter: { name: 'envoy.filters.http.ext_authz' },
      },
    },
  },
};

const routeSlips: readonly Mutation[] = [
  mutation('opens', {
    what: 'a route by path, above the others',
    bend: manifest => routesOf(manifest).unshift({ match: [{ uri: { prefix: '/open' } }], route: [to('fraud')] }),
  }),
  mutation('opens', {
    what: "a route that takes every model's name",
    bend: manifest => {
      routesOf(manifest)[0].match = [{ headers: { 'x-modelgate-model': { regex: '.+' } } }];
    },
  }),
  mutation('opens', {
    what: 'a route that takes the beginning of names, of none',
    bend: manifest => {
      routesOf(manifest)[0].match = [{ headers: { 'x-modelgate-model': { prefix: 'c' } } }];
    },
  }),
  mutation('opens', {
    what: 'a mirror to another model',
    bend: manifest => {
      Object.assign(routesOf(manifest)[1], { mirrors: [{ ...to('fraud'), percentage: { value: 100 } }] });
    },
  }),
  mutation('opens', {
    what: 'weights between two models',
    bend: manifest => {
      routesOf(manifest)[1].route = [
        { ...to('churn'), weight: 1 },
        { ...to('fraud'), weight: 99 },
      ];
    },
  }),
  mutation('opens', {
    what: 'another host, all of it to one model',
    bend: manifest => {
      const copy = structuredClone(manifest.one('VirtualService'));
      copy.metadata.name = 'open';
      copy.spec.hosts = ['open.example.com'];
      copy.spec.http = [{ route: [to('fraud')] }];
      manifest.add(copy);
    },
  }),
  mutation('opens', {
    what: 'every call on the route for streams',
    bend: manifest => {
      delete routesOf(manifest).find(route => route.name === 'streams').match;
    },
  }),
  mutation('closed', {
    what: 'no last route',
    bend: manifest => routesOf(manifest).pop(),
  }),
];

const patchSlips: readonly Mutation[] = [
  mutation('opens', forged, {
    what: 'the route is not chosen anew',
    bend: manifest => {
      const { spec } = manifest.one('EnvoyFilter');
      spec.configPatches = spec.configPatches.filter((patch: Json) => patch.applyTo !== 'HTTP_FILTER');
    },
  }),
  mutation(
    'opens',
    forged,
    patch('a patch that takes the filter out', {
      applyTo: 'HTTP_FILTER',
      match: authzMatch,
      patch: { operation: 'REMOVE' },
    }),
  ),
  mutation(
    'opens',
    forged,
    patch('a patch that switches the check off on a route', {
      applyTo: 'HTTP_ROUTE',
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
  mutation(
    'opens',
    patch('a filter behind the check that sets the header', {
      applyTo: 'HTTP_FILTER',
      match: authzMatch,
      patch: {
        operation: 'INSERT_AFTER',
        value: {
          name: 'envoy.filters.http.header_mutation',
          typed_config: {
            '@type': 'type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation',
            mutations: {
              request_mutations: [
                {
                  append: {
                    header: { key: 'x-modelgate-model', value: 'fraud' },
                    append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
                  },
                },
              ],
            },
          },
        },
      },
    }),
  ),
  mutation(
    'opens unanswered',
    forged,
    patch('a patch that lets through what nobody answers', {
      applyTo: 'HTTP_FILTER',
      match: authzMatch,
      patch: {
        operation: 'MERGE',
        value: {
          typed_config: {
            '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz',
            failure_mode_allow: true,
          },
        },
      },
    }),
  ),
];

const managerPatch = (what: string, config: Json): Slip =>
  patch(what, {
    applyTo: 'NETWORK_FILTER',
    match: {
      context: 'GATEWAY',
      listener: { filterChain: { filter: { name: 'envoy.filters.network.http_connection_manager' } } },
    },
    patch: {
      operation: 'MERGE',
      value: {
        typed_config: {
          '@type':
            'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
          ...config,
        },
      },
    },
  });

const managerSlips: readonly Mutation[] = [
  mutation(
    'opens',
    forged,
    managerPatch('upgrades with filters of their own', {
      upgrade_configs: [
        {
          upgrade_type: 'tunnel',
          filters: [
            {
              name: 'envoy.filters.http.router',
              typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' },
            },
          ],
        },
      ],
    }),
  ),
  mutation(
    'closed',
    forged,
    managerPatch('underscores let through', {
      common_http_protocol_options: { headers_with_underscores_action: 'ALLOW' },
    }),
  ),
];

/** Slips of `istio.yaml`, and what comes of each by Istio itself. */
export const istioMutations: readonly Mutation[] = [
  ...(detached[file] ?? []).map(slip => mutation('opens', forged, slip)),
  mutation('closed', forged),
  mutation('opens', forged, rules('POST', { to: [{ operation: { methods: ['POST'] } }] })),
  mutation('opens', forged, rules('/model', { to: [{ operation: { paths: ['/model'] } }] })),
  mutation('opens', forged, rules('what is no health check', { to: [{ operation: { notPaths: ['/healthz'] } }] })),
  mutation('opens', forged, rules('one host', { to: [{ operation: { hosts: ['models.example.com'] } }] }), {
    what: 'for every host',
    bend: manifest => {
      manifest.one('VirtualService').spec.hosts = ['*'];
    },
  }),
  mutation(
    'opens',
    forged,
    rules('what has a header', { when: [{ key: 'request.headers[authorization]', values: ['*'] }] }),
  ),
  mutation('opens', forged, {
    what: 'a policy that allows, not a custom one',
    bend: manifest => {
      const { spec } = manifest.one('AuthorizationPolicy');
      spec.action = 'ALLOW';
      delete spec.provider;
    },
  }),
  mutation('closed', forged, {
    what: 'a policy that only tries',
    bend: manifest => {
      manifest.one('AuthorizationPolicy').metadata.annotations = { 'istio.io/dry-run': 'true' };
    },
  }),
  mutation('closed', forged, {
    what: "a provider's name misspelt",
    bend: manifest => {
      manifest.one('AuthorizationPolicy').spec.provider.name = 'modelgat';
    },
  }),
  mutation('closed', failOpen),
  mutation('opens unanswered', forged, failOpen),
  mutation('closed', mesh('a port that nobody listens on', 'port: 9191', 'port: 9192')),
  mutation('opens', mesh('no body for the check', /includeRequestBodyInCheck:\n( +\w+: .*\n){3}/, '')),
  ...routeSlips,
  ...patchSlips,
  ...managerSlips,
];
