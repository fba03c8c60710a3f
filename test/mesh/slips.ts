import type { Json, Manifest, Slip } from '../support/manifest.ts';

/** The connection manager in an Envoy's own config. */
const managerOf = (manifest: Manifest) =>
  manifest.one().static_resources.listeners[0].filter_chains[0].filters[0].typed_config;

/** The value of Istio's patch of the connection manager. */
const patchedManager = (manifest: Manifest) =>
  manifest
    .one('EnvoyFilter')
    .spec.configPatches.find((patch: { applyTo: string }) => patch.applyTo === 'NETWORK_FILTER').patch.value
    .typed_config;

/** One more patch of Istio's EnvoyFilter. */
export const envoyFilterPatch = (what: string, added: Json): Slip => ({
  what,
  bend: manifest => manifest.one('EnvoyFilter').spec.configPatches.push(added),
});

/** By which forged routing headers are left in a call: harmless for as long as the check is attached, and only then. */
export const keepsForgedHeaders: Readonly<Record<string, Slip>> = {
  'envoy.yaml': {
    what: 'no early removal of headers',
    bend: manifest => {
      const manager = managerOf(manifest);
      delete manager.early_header_mutation_extensions;
      delete manager.route_config.internal_only_headers;
    },
  },
  'istio.yaml': {
    what: 'no early removal of headers',
    bend: manifest => delete patchedManager(manifest).early_header_mutation_extensions,
  },
  'envoy-gateway.yaml': {
    what: 'no early removal of headers',
    bend: manifest => delete manifest.one('ClientTrafficPolicy').spec.headers.earlyRequestHeaders,
  },
};

/** By which the check is not attached to what it should be. */
export const detached: Readonly<Record<string, readonly Slip[]>> = {
  'envoy.yaml': [
    {
      what: 'the filter is gone',
      bend: manifest => {
        const manager = managerOf(manifest);
        manager.http_filters = manager.http_filters.filter(({ name }: { name: string }) => !name.endsWith('ext_authz'));
      },
    },
    {
      what: 'the route switches it off',
      bend: manifest => {
        managerOf(manifest).route_config.virtual_hosts[0].typed_per_filter_config = {
          'envoy.filters.http.ext_authz': {
            '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute',
            disabled: true,
          },
        };
      },
    },
  ],
  'istio.yaml': [
    {
      what: "the policy's selector misses the gateway",
      bend: manifest => {
        manifest.one('AuthorizationPolicy').spec.selector = { matchLabels: { istio: 'ingressgateway' } };
      },
    },
    {
      what: 'the policy lies in another namespace',
      bend: manifest => {
        manifest.one('AuthorizationPolicy').metadata.namespace = 'models';
      },
    },
    { what: 'there is no policy', bend: manifest => manifest.drop('AuthorizationPolicy') },
  ],
  'envoy-gateway.yaml': [
    {
      what: "the policy's targetRef names no gateway",
      bend: manifest => {
        manifest.one('SecurityPolicy').spec.targetRefs[0].name = 'another';
      },
    },
    {
      what: 'the route has a policy of its own',
      bend: manifest =>
        manifest.add({
          apiVersion: 'gateway.envoyproxy.io/v1alpha1',
          kind: 'SecurityPolicy',
          metadata: { name: 'of-the-route', namespace: 'models' },
          spec: {
            targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'models' }],
            cors: { allowOrigins: ['https://example.com'] },
          },
        }),
    },
    { what: 'there is no policy', bend: manifest => manifest.drop('SecurityPolicy') },
  ],
};
