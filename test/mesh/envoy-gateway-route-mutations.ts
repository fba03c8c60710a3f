import type { Json, Manifest, Slip } from '../support/manifest.ts';
import { type Mutation, mutation } from './mutation.ts';

const rulesOf = (manifest: Manifest): Json[] => manifest.one('HTTPRoute', 'models').spec.rules;
const to = (name: string) => ({ name, port: 8080 });
const of = (manifest: Manifest, model: string): Json =>
  rulesOf(manifest).find(({ matches }) => matches[0].headers?.[0].value === model);
const withoutFraud: Slip = {
  what: 'a model without a rule of its own',
  bend: manifest => rulesOf(manifest).splice(rulesOf(manifest).indexOf(of(manifest, 'fraud')), 1),
};
const byPath = (value: string) => ({ path: { type: 'PathPrefix', value } });

/** A copy of the route under another name, for another host. */
export const anotherRoute = (what: string, bend: (route: Json) => void): Slip => ({
  what,
  bend: manifest => {
    const copy = structuredClone(manifest.one('HTTPRoute', 'models'));
    copy.metadata.name = 'open';
    copy.spec.hostnames = ['open.example.com'];
    bend(copy);
    manifest.add(copy);
  },
});

/** Slips of the HTTPRoutes. */
export const envoyGatewayRouteMutations: readonly Mutation[] = [
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
  mutation('opens', withoutFraud, {
    what: 'weights between both',
    bend: manifest => {
      of(manifest, 'churn').backendRefs = [
        { ...to('churn'), weight: 1 },
        { ...to('fraud'), weight: 99 },
      ];
    },
  }),
  mutation('opens', {
    what: 'a mirror of a rule by path',
    bend: manifest =>
      rulesOf(manifest).unshift({
        matches: [byPath('/open')],
        filters: [{ type: 'RequestMirror', requestMirror: { backendRef: to('fraud') } }],
        backendRefs: [to('churn')],
        timeouts: { request: '0s' },
      }),
  }),
  mutation('closed', {
    what: 'a redirect by path',
    bend: manifest =>
      rulesOf(manifest).unshift({
        matches: [byPath('/open')],
        filters: [{ type: 'RequestRedirect', requestRedirect: { hostname: 'example.com' } }],
      }),
  }),
  mutation('closed', {
    what: 'a rewritten path',
    bend: manifest => {
      const path = { type: 'ReplaceFullPath', replaceFullPath: '/rewritten' };
      of(manifest, 'churn').filters = [{ type: 'URLRewrite', urlRewrite: { hostname: 'example.com', path } }];
    },
  }),
  mutation(
    'opens',
    anotherRoute('another host, all of it to one model', route => {
      route.spec.rules = [{ backendRefs: [to('fraud')] }];
    }),
  ),
  mutation('opens', {
    what: 'every call on the route for streams',
    bend: manifest => {
      manifest.one('HTTPRoute', 'streams').spec.rules[0].matches[0].headers[0].value = '.*';
    },
  }),
  // To Envoy its backends speak HTTP/2, which the models here do not.
  mutation('closed', {
    what: 'a GRPCRoute, all of it to one model',
    bend: manifest =>
      manifest.add({
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'GRPCRoute',
        metadata: { name: 'open', namespace: 'models' },
        spec: {
          parentRefs: [{ name: 'models' }],
          hostnames: ['open.example.com'],
          rules: [{ backendRefs: [to('fraud')] }],
        },
      }),
  }),
  mutation('closed', { what: 'no last rule', bend: manifest => rulesOf(manifest).pop() }),
];
