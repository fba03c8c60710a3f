import { type Document, parseAllDocuments } from 'yaml';
import { bendObjects, type Json } from './bend-objects.ts';

/** A change of a shipped config by which the check is not attached to what it should be. */
export interface Slip {
  readonly what: string;
  bend(text: string): string;
}

const another = {
  apiVersion: 'gateway.envoyproxy.io/v1alpha1',
  kind: 'SecurityPolicy',
  metadata: { name: 'of-the-route', namespace: 'models' },
  spec: {
    targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'models' }],
    cors: { allowOrigins: ['https://example.com'] },
  },
};

function withoutCheck(text: string): string {
  const [document] = parseAllDocuments(text);
  const bootstrap = (document as Document).toJS() as Json;
  const manager = bootstrap.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
  manager.http_filters = manager.http_filters.filter((filter: Json) => !filter.name.endsWith('ext_authz'));
  return JSON.stringify(bootstrap);
}

export const detached: Readonly<Record<string, readonly Slip[]>> = {
  'envoy.yaml': [{ what: 'the filter is gone', bend: withoutCheck }],
  'istio.yaml': [
    {
      what: "the policy's selector misses the gateway",
      bend: text =>
        bendObjects(text, 'AuthorizationPolicy', policy => {
          policy.spec.selector = { matchLabels: { istio: 'another' } };
        }),
    },
    {
      what: 'the policy lies in another namespace',
      bend: text =>
        bendObjects(text, 'AuthorizationPolicy', policy => {
          policy.metadata.namespace = 'models';
        }),
    },
    { what: 'there is no policy', bend: text => bendObjects(text, 'AuthorizationPolicy', () => undefined, true) },
  ],
  'envoy-gateway.yaml': [
    {
      what: "the policy's targetRef names no gateway",
      bend: text =>
        bendObjects(text, 'SecurityPolicy', policy => {
          policy.spec.targetRefs[0].name = 'another';
        }),
    },
    { what: 'the route has a policy of its own', bend: text => `${text}\n---\n${JSON.stringify(another)}\n` },
    { what: 'there is no policy', bend: text => bendObjects(text, 'SecurityPolicy', () => undefined, true) },
  ],
};
