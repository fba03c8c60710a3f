import type { Json, Manifest } from '../support/manifest.ts';
import { type Mutation, mutation } from './mutation.ts';

const routesOf = (manifest: Manifest): Json[] => manifest.one('VirtualService').spec.http;
const to = (name: string) => ({ destination: { host: `${name}.models.svc.cluster.local`, port: { number: 8080 } } });

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
