import type { Json, Manifest, Slip } from '../support/manifest.ts';
import { envoyGatewayPatchMutations } from './envoy-gateway-patch-mutations.ts';
import { anotherRoute, envoyGatewayRouteMutations } from './envoy-gateway-route-mutations.ts';
import { type Mutation, mutation } from './mutation.ts';
import { detached, keepsForgedHeaders } from './slips.ts';

const file = 'envoy-gateway.yaml';
const forged = keepsForgedHeaders[file] as Slip;

const authOf = (manifest: Manifest): Json => manifest.one('SecurityPolicy').spec.extAuth;

const failOpen: Slip = {
  what: 'failOpen',
  bend: manifest => {
    authOf(manifest).failOpen = true;
  },
};

/** Slips of `envoy-gateway.yaml`, and what comes of each by Envoy Gateway itself. */
export const envoyGatewayMutations: readonly Mutation[] = [
  ...(detached[file] ?? []).map(slip => mutation('opens', forged, slip)),
  mutation('closed', forged),
  mutation('opens', forged, {
    what: "the policy's section is another listener",
    bend: manifest => {
      manifest.one('SecurityPolicy').spec.targetRefs[0].sectionName = 'https';
    },
  }),
  mutation('opens', forged, {
    what: 'the policy takes its gateway by labels that it has not',
    bend: manifest => {
      const { spec } = manifest.one('SecurityPolicy');
      delete spec.targetRefs;
      spec.targetSelectors = [
        { group: 'gateway.networking.k8s.io', kind: 'Gateway', matchLabels: { serves: 'models' } },
      ];
    },
  }),
  mutation(
    'opens',
    forged,
    anotherRoute('another route, to which the policy does not belong', route => {
      route.spec.hostnames = ['open.example.com'];
    }),
    {
      what: 'the policy belongs to one route',
      bend: manifest => {
        manifest.one('SecurityPolicy').spec.targetRefs = [
          { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'models' },
        ];
      },
    },
  ),
  mutation('opens', forged, {
    what: 'the route is not chosen anew',
    bend: manifest => {
      authOf(manifest).recomputeRoute = false;
    },
  }),
  mutation('closed', failOpen),
  mutation('opens unanswered', forged, failOpen),
  mutation('closed', {
    what: 'a port that nobody listens on',
    bend: manifest => {
      authOf(manifest).grpc.backendRefs[0].port = 9192;
    },
  }),
  mutation('opens', { what: 'no body for the check', bend: manifest => delete authOf(manifest).bodyToExtAuth }),
  mutation('opens', {
    what: 'a policy of the route sends no body',
    bend: manifest => {
      const policy = structuredClone(manifest.one('SecurityPolicy'));
      policy.metadata.name = 'of-the-route';
      policy.spec.targetRefs = [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'models' }];
      delete policy.spec.extAuth.bodyToExtAuth;
      manifest.add(policy);
    },
  }),
  mutation('closed', {
    what: 'only some headers for the check',
    bend: manifest => {
      authOf(manifest).headersToExtAuth = ['x-api-key'];
    },
  }),
  mutation('closed', {
    what: 'a listener renamed, its patches not',
    bend: manifest => {
      manifest.one('Gateway').spec.listeners[0].name = 'https';
    },
  }),
  mutation('closed', forged, {
    what: 'underscores let through',
    bend: manifest => {
      manifest.one('ClientTrafficPolicy').spec.headers.withUnderscoresAction = 'Allow';
    },
  }),
  ...envoyGatewayRouteMutations,
  ...envoyGatewayPatchMutations,
];
