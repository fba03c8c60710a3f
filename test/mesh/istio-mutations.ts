import type { Json, Manifest, Slip } from '../support/manifest.ts';
import { istioPatchMutations } from './istio-patch-mutations.ts';
import { istioRouteMutations } from './istio-route-mutations.ts';
import { type Mutation, mutation } from './mutation.ts';
import { detached, keepsForgedHeaders } from './slips.ts';

const file = 'istio.yaml';
const forged = keepsForgedHeaders[file] as Slip;

const rulesOf = (manifest: Manifest): Json => manifest.one('AuthorizationPolicy').spec.rules;

/** Rules of the policy in place of the one that matches everything. */
const rules = (what: string, rule: Json): Slip => ({
  what: `checked only ${what}`,
  bend: manifest => rulesOf(manifest).splice(0, 1, rule),
});

const host = 'models.example.com';
const forHosts = (what: string, ...hosts: string[]) => rules(what, { to: [{ operation: { hosts } }] });
const forEveryHost: Slip = {
  what: 'for every host',
  bend: manifest => {
    manifest.one('VirtualService').spec.hosts = ['*'];
  },
};

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

/** Slips of `istio.yaml`, and what comes of each by Istio itself. */
export const istioMutations: readonly Mutation[] = [
  ...(detached[file] ?? []).map(slip => mutation('opens', forged, slip)),
  mutation('closed', forged),
  mutation('opens', forged, rules('POST', { to: [{ operation: { methods: ['POST'] } }] })),
  mutation('opens', forged, rules('/model', { to: [{ operation: { paths: ['/model'] } }] })),
  mutation('opens', forged, rules('what is no health check', { to: [{ operation: { notPaths: ['/healthz'] } }] })),
  mutation('opens', forged, forHosts('one host', host), forEveryHost),
  mutation('opens', forged, forHosts('one host with any port', host, `${host}:*`), forEveryHost),
  mutation('opens', forged, forHosts('one host', host)),
  mutation('closed', forged, forHosts('one host with any port', host, `${host}:*`)),
  mutation('opens', forged, rules('one port', { to: [{ operation: { ports: ['8443'] } }] })),
  mutation('closed', forged, rules('the port of the gateway', { to: [{ operation: { ports: ['10080'] } }] })),
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
  ...istioRouteMutations,
  ...istioPatchMutations,
];
