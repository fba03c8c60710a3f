import type { Json, Manifest, Slip } from '../support/manifest.ts';
import { hidden, type Mutation, mutation } from './mutation.ts';

const routesOf = (manifest: Manifest): Json[] => manifest.one('VirtualService').spec.http;
const of = (manifest: Manifest, name: string): Json => routesOf(manifest).find(route => route.name === name);
const hostOf = (name: string) => `${name}.models.svc.cluster.local`;
const to = (name: string) => ({ destination: { host: hostOf(name), port: { number: 8080 } } });
const objectOf = (kind: string, name: string) => ({
  apiVersion: 'networking.istio.io/v1',
  kind,
  metadata: { name, namespace: 'istio-ingress' },
});
const withoutFraud: Slip = {
  what: 'a model without a route of its own',
  bend: manifest => routesOf(manifest).splice(routesOf(manifest).indexOf(of(manifest, 'fraud')), 1),
};

/** Slips of the VirtualService. */
export const istioRouteMutations: readonly Mutation[] = [
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
  mutation('opens', withoutFraud, {
    what: 'weights between both',
    bend: manifest => {
      of(manifest, 'churn').route = [
        { ...to('churn'), weight: 1 },
        { ...to('fraud'), weight: 99 },
      ];
    },
  }),
  hidden(
    'which model a Service serves stands in the cluster',
    mutation('opens', withoutFraud, {
      what: "the other's route leads to its Service",
      bend: manifest => {
        of(manifest, 'churn').route = [to('fraud')];
      },
    }),
  ),
  mutation('opens', {
    what: "a route to a subset of another model's Service",
    bend: manifest => {
      of(manifest, 'churn').route = [{ destination: { ...to('fraud').destination, subset: 'v1' } }];
      manifest.add({
        ...objectOf('DestinationRule', 'subsets'),
        spec: { host: hostOf('fraud'), trafficPolicy: { tls: { mode: 'DISABLE' } }, subsets: [{ name: 'v1' }] },
      });
    },
  }),
  mutation('opens', {
    what: "a second name of another model's Service",
    bend: manifest => {
      of(manifest, 'churn').route = [to('second')];
      manifest.add({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'second', namespace: 'models' },
        spec: { type: 'ExternalName', externalName: hostOf('fraud'), ports: [{ name: 'http', port: 8080 }] },
      });
    },
  }),
  mutation('opens', {
    what: 'a delegate with a route by path',
    bend: manifest => {
      routesOf(manifest).unshift({ match: [{ uri: { prefix: '/open' } }], delegate: { name: 'open' } });
      manifest.add({ ...objectOf('VirtualService', 'open'), spec: { http: [{ route: [to('fraud')] }] } });
    },
  }),
  mutation('closed', {
    what: 'a redirect by path',
    bend: manifest =>
      routesOf(manifest).unshift({ match: [{ uri: { prefix: '/open' } }], redirect: { authority: 'example.com' } }),
  }),
  mutation('closed', {
    what: 'an answer by path',
    bend: manifest =>
      routesOf(manifest).unshift({ match: [{ uri: { prefix: '/healthz' } }], directResponse: { status: 200 } }),
  }),
  mutation('closed', {
    what: 'a rewritten path',
    bend: manifest => {
      of(manifest, 'churn').rewrite = { uri: '/rewritten' };
    },
  }),
  mutation('closed', {
    what: 'retries',
    bend: manifest => {
      of(manifest, 'churn').retries = { attempts: 2, retryOn: '5xx' };
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
