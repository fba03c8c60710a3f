import type { Json, Manifest, Slip } from './manifest.ts';
import { type Mutation, mutation } from './mutation.ts';
import { detached, keepsForgedHeaders } from './slips.ts';

const file = 'envoy-gateway.yaml';
const forged = keepsForgedHeaders[file] as Slip;

const authOf = (manifest: Manifest): Json => manifest.one('SecurityPolicy').spec.extAuth;
const rulesOf = (manifest: Manifest): Json[] => manifest.one('HTTPRoute', 'models').spec.rules;
const to = (name: string) => ({ name, port: 8080 });
const byPath = (value: string) => ({ path: { type: 'PathPrefix', value } });

const patch = (what: string, resource: string, name: string, operation: Json): Slip => ({
  what,
  bend: manifest =>
    manifest.one('EnvoyPatchPolicy', 'modelgate-body').spec.jsonPatches.push({
      type: `type.googleapis.com/envoy.config.${resource}`,
      name,
      operation,
    }),
});

const failOpen: Slip = {
  what: 'failOpen',
  bend: manifest => {
    authOf(manifest).failOpen = true;
  },
};

/** A copy of the route under another name, for another host. */
const another = (what: string, bend: (route: Json) => void): Slip => ({
  what,
  bend: manifest => {
    const copy = structuredClone(manifest.one('HTTPRoute', 'models'));
    copy.metadata.name = 'open';
    copy.spec.hostnames = ['open.example.com'];
    bend(copy);
    manifest.add(copy);
  },
});

const listener = 'models/models/http';

const routeSlips: readonly Mutation[] = [
  mutation('opens', {
    what: 'a rule by path, above the others',
    bend: manifest => rulesOf(manifest).unshift({ matches: [byPath('/open')], backendRefs: [to('fraud')] }),
  }),
  mutation('opens', {
    what: "a rule that takes every model's name",
    bend: manifest => {
      const [match] = rulesOf(manifest)[0].matches;
      match.headers[0] = { name: 'x-modelgate-model', type: 'RegularExpression', value: '.+' };
      rulesOf(manifest).splice(1, 1);
    },
  }),
  mutation('opens', {
    what: 'a mirror to another model',
    bend: manifest => {
      rulesOf(manifest)[1].filters = [{ type: 'RequestMirror', requestMirror: { backendRef: to('fraud') } }];
    },
  }),
  mutation('opens', {
    what: 'weights between two models',
    bend: manifest => {
      rulesOf(manifest)[1].backendRefs = [
        { ...to('churn'), weight: 1 },
        { ...to('fraud'), weight: 99 },
      ];
    },
  }),
  mutation(
    'opens',
    another('another host, all of it to one model', route => {
      route.spec.rules = [{ backendRefs: [to('fraud')] }];
    }),
  ),
  mutation('opens', {
    what: 'every call on the route for streams',
    bend: manifest => {
      manifest.one('HTTPRoute', 'streams').spec.rules[0].matches[0].headers[0].value = '.*';
    },
  }),
  mutation('closed', { what: 'no last rule', bend: manifest => rulesOf(manifest).pop() }),
];

const patchSlips: readonly Mutation[] = [
  mutation(
    'opens unanswered',
    forged,
    patch('a patch that lets through what nobody answers', 'listener.v3.Listener', listener, {
      op: 'add',
      jsonPath: "..http_filters[?match(@.name, 'envoy.filters.http.ext_authz.*')].typed_config",
      path: 'failure_mode_allow',
      value: true,
    }),
  ),
  mutation(
    'opens',
    forged,
    patch('a patch that takes the filter out', 'listener.v3.Listener', listener, {
      op: 'remove',
      jsonPath: "..http_filters[?match(@.name, 'envoy.filters.http.ext_authz.*')]",
    }),
  ),
  mutation(
    'closed',
    forged,
    patch('a patch that disables the filter', 'listener.v3.Listener', listener, {
      op: 'add',
      jsonPath: "..http_filters[?match(@.name, 'envoy.filters.http.ext_authz.*')]",
      path: 'disabled',
      value: true,
    }),
  ),
  mutation(
    'opens',
    forged,
    patch('a patch that switches the check off on every route', 'route.v3.RouteConfiguration', listener, {
      op: 'replace',
      jsonPath: '..virtual_hosts..routes[*]',
      path: 'typed_per_filter_config',
      value: {},
    }),
  ),
];

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
    another('another route, to which the policy does not belong', route => {
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
  ...routeSlips,
  ...patchSlips,
];
