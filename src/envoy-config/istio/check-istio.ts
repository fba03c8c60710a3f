import { crossed } from '../crossed-backends.ts';
import type { ConfigNode } from '../documents/config-node.ts';
import { type Finding, finding, joinJudged, type Limits, type Report } from '../finding.ts';
import { checkBackends, checkCatchAll, leadingRules, usesCheck as routeUsesCheck } from '../http-routes.ts';
import { describeObject, type KubeObject } from '../kube-object.ts';
import { bringsCheck, checkEnvoyFilter, headersRemoved, settingsSet } from './check-envoy-filter.ts';
import { checkHosts, checkPolicy } from './check-hosts.ts';
import { checkMeshLogs, checkProvider } from './check-provider.ts';
import { checkSelectors } from './check-selectors.ts';
import { checkService } from './check-service.ts';
import { checkTogether } from './check-together.ts';
import { checkUnbuffered } from './check-unbuffered.ts';
import {
  checkDestinations,
  checkVirtualService,
  unreadRoutes,
  unstableRoutes,
  usesCheck,
} from './check-virtual-service.ts';

/** Checks Istio's objects of a file together: what one leaves out, another may say. */
export function checkIstio(objects: readonly KubeObject[], meshes: readonly ConfigNode[], limits: Limits): Report {
  const of = (kind: string) => objects.filter(object => object.kind === kind);
  const policies = of('AuthorizationPolicy').filter(({ spec }) => spec.get('action').text === 'CUSTOM');
  const filters = of('EnvoyFilter');
  const extensions = of('WasmPlugin').concat(of('TrafficExtension'));
  const services = of('VirtualService').filter(({ spec }) => spec.get('http').items.length > 0);
  const routes = of('HTTPRoute').concat(of('GRPCRoute'));
  const providers = providersOf(meshes, policies);
  const guards = [
    ...policies.map(({ spec }) => spec),
    ...providers,
    ...filters.filter(bringsCheck).map(({ spec }) => spec),
  ];
  const patches = joinJudged([
    ...filters.map(filter => checkEnvoyFilter(filter, limits)),
    checkUnbuffered(filters, services),
    checkHosts(policies, [...services, ...routes]),
  ]);
  const selectors = checkSelectors(policies, of('Gateway'));
  const unknown = misspelt(meshes, policies);
  const [guard] = guards;
  const waiting = services.some(usesCheck) || routes.some(routeUsesCheck);
  const routed = services.length + routes.length === 0 || waiting;
  const asked = policies.length > 0 || filters.some(bringsCheck);
  return {
    findings: [
      ...policies.flatMap(checkPolicy),
      ...providers.flatMap(provider => [...checkProvider(provider, limits), ...checkService(provider, of('Service'))]),
      ...unknown,
      ...selectors.findings,
      ...patches.findings,
      ...meshes.flatMap(checkMeshLogs),
      ...extensions.map(checkExtension),
      ...services.flatMap(service =>
        asked
          ? [...checkVirtualService(service), ...checkDestinations(service, filters)]
          : [unguarded(service, 'http')],
      ),
      ...(asked
        ? [...checkCatchAll(routes), ...routes.flatMap(route => checkBackends(route, () => false))]
        : routes.filter(leads).map(route => unguarded(route, 'rules'))),
      ...(guard ? checkTogether(guard, settingsSet(filters), meshes, routed, headersRemoved(filters), limits) : []),
    ],
    checked: [
      ...[...policies, ...filters, ...extensions, ...services, ...routes].map(describeObject),
      ...providers.map(provider => `extension provider ${provider.get('name').text}`),
    ],
    notChecked: [
      ...(asked ? [] : [noPolicy]),
      ...(unknown.length > 0 ? [] : unknownProviders(policies, providers)),
      ...selectors.notChecked,
      ...crossed([...services, ...routes], of('Service')),
      ...apart(policies, filters),
      ...patches.notChecked,
      ...of('VirtualService').flatMap(unreadRoutes),
      ...services.flatMap(service => unstableRoutes(service, filters)),
    ],
  };
}

const noPolicy = 'which requests are checked: no AuthorizationPolicy with action CUSTOM is in this file';

/** Those that a CUSTOM policy names; without a policy in the file, all that could be Modelgate. */
function providersOf(meshes: readonly ConfigNode[], policies: readonly KubeObject[]): readonly ConfigNode[] {
  const named = new Set(policies.map(providerName));
  return meshes
    .flatMap(mesh => mesh.get('extensionProviders').items)
    .filter(provider => provider.get('envoyExtAuthzGrpc').exists)
    .filter(provider => policies.length === 0 || named.has(provider.get('name').text));
}

/** What one file can tell of labels: a policy and the patches that it needs must be put on the same workloads. */
function apart(policies: readonly KubeObject[], filters: readonly KubeObject[]): readonly string[] {
  return policies.flatMap(policy =>
    filters.some(filter => scopeOf(filter) === scopeOf(policy)) || filters.length === 0
      ? []
      : [
          `${describeObject(policy)}: no EnvoyFilter is in its namespace with its labels, so they may be on other gateways`,
        ],
  );
}

function scopeOf({ namespace, spec }: KubeObject): string {
  const labels = [...spec.get('selector', 'matchLabels').members, ...spec.get('workloadSelector', 'labels').members];
  const targets = [...spec.get('targetRefs').items, spec.get('targetRef')].map(ref => ref.get('name').text ?? '');
  return JSON.stringify([
    namespace,
    labels.map(({ key, text }) => `${key}=${text}`).sort(),
    targets.filter(Boolean).sort(),
  ]);
}

function providerName({ spec }: KubeObject): string | undefined {
  return spec.get('provider', 'name').text;
}

/** Where the file has the mesh's providers, one that is not among them is not at all, and istiod refuses every call. */
function misspelt(meshes: readonly ConfigNode[], policies: readonly KubeObject[]): readonly Finding[] {
  const known = meshes.flatMap(mesh => mesh.get('extensionProviders').items).map(provider => provider.get('name').text);
  return policies
    .filter(policy => known.length > 0 && !known.includes(providerName(policy)))
    .map(({ spec }) => finding('check-cluster-unknown', spec.get('provider', 'name'), `name: ${known.join(' or ')}`));
}

function unknownProviders(policies: readonly KubeObject[], providers: readonly ConfigNode[]): readonly string[] {
  const known = new Set(providers.map(provider => provider.get('name').text));
  return policies
    .filter(policy => !known.has(providerName(policy)))
    .map(policy => `extension provider ${providerName(policy)}: no envoyExtAuthzGrpc of that name is in this file`);
}

/** istiod puts the CUSTOM check before the extensions of every phase, AUTHN too. */
function checkExtension({ spec }: KubeObject): Finding {
  return finding(
    'filter-behind-check',
    spec,
    '# none on the gateway of the models; an EnvoyFilter with INSERT_FIRST runs before',
  );
}

function leads(route: KubeObject): boolean {
  return leadingRules(route).length > 0;
}

function unguarded({ spec }: KubeObject, routes: string): Finding {
  return finding(
    'no-ext-authz',
    spec.get(routes),
    '# an AuthorizationPolicy with action: CUSTOM, provider: { name: modelgate }, rules: [{}] on the gateway',
  );
}
