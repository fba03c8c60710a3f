import { pinKey } from '../decided-upstream.ts';
import type { ConfigNode } from '../documents/config-node.ts';
import { type Finding, finding, findingIf, type Limits, type Report } from '../finding.ts';
import { checkBackends, checkCatchAll, checkTimeouts, leadingRules, usesCheck } from '../http-routes.ts';
import { describeObject, type KubeObject, targets } from '../kube-object.ts';
import { checkClientTraffic } from './check-client-traffic.ts';
import { checkEnvoyProxy } from './check-envoy-proxy.ts';
import { checkPatchPolicy, patched } from './check-patches.ts';
import { checkSecurityPolicy } from './check-security-policy.ts';

/** Checks Envoy Gateway's objects of a file, and the Gateway API's routes, together. */
export function checkEnvoyGateway(objects: readonly KubeObject[], limits: Limits): Report {
  const of = (...kinds: readonly string[]) => objects.filter(({ kind }) => kinds.includes(kind));
  const policies = of('SecurityPolicy');
  const guards = policies.filter(({ spec }) => spec.get('extAuth', 'grpc').exists);
  const routes = of('HTTPRoute', 'GRPCRoute');
  const patches = of('EnvoyPatchPolicy');
  const extensions = of('EnvoyExtensionPolicy');
  const clients = of('ClientTrafficPolicy');
  const traffic = of('BackendTrafficPolicy');
  const proxies = of('EnvoyProxy');
  const [guard] = guards;
  return {
    findings: [
      ...guards.flatMap(policy => checkSecurityPolicy(policy, patched(patches), limits)),
      ...guards.flatMap(policy => checkRecomputing(policy, routes)),
      ...policies.filter(policy => !guards.includes(policy)).flatMap(policy => checkOther(policy, guards)),
      ...patches.flatMap(policy => checkPatchPolicy(policy, limits)),
      ...extensions.flatMap(checkExtension),
      ...routes.flatMap(route => checkGuard(route, policies, guards)),
      ...(guard ? routes.flatMap(route => checkBackends(route, rule => isPinned(rule, route, guards))) : []),
      ...(guard ? [...checkCatchAll(routes), ...checkTimeouts(routes, traffic)] : []),
      ...[...clients, ...(guard && clients.length === 0 ? [guard] : [])].flatMap(({ spec }) =>
        checkClientTraffic(spec, traffic, limits),
      ),
      ...[...proxies, ...(guard && proxies.length === 0 ? [guard] : [])].flatMap(({ spec }) => checkEnvoyProxy(spec)),
    ],
    checked: [...guards, ...routes, ...clients, ...traffic, ...proxies, ...patches, ...extensions].map(describeObject),
    notChecked: [
      ...(guard ? [] : ['which requests are checked: no SecurityPolicy with extAuth.grpc is in this file']),
      ...policies
        .filter(({ spec }) => spec.get('targetSelectors').items.length > 0)
        .map(policy => `${describeObject(policy)}: what its targetSelectors select; labels are not followed`),
      ...guards
        .filter(policy => guard && asked(policy) !== asked(guard))
        .map(
          policy =>
            `${describeObject(policy)}: whether the service that it asks is Modelgate; another policy asks another`,
        ),
    ],
  };
}

function checkRecomputing({ spec }: KubeObject, routes: readonly KubeObject[]): readonly Finding[] {
  const recompute = spec.get('extAuth', 'recomputeRoute');
  const needed = routes.length === 0 || routes.some(usesCheck);
  return findingIf(needed && !recompute.isTrue, 'missing-clear-route-cache', recompute, 'recomputeRoute: true');
}

/** Lua, WebAssembly and external processing run behind the check in Envoy Gateway's order. */
function checkExtension({ spec }: KubeObject): readonly Finding[] {
  const kinds = ['lua', 'wasm', 'extProc', 'dynamicModule']
    .map(name => spec.get(name))
    .filter(({ items }) => items.length > 0);
  return kinds.map(node =>
    finding('filter-behind-check', node, '# no EnvoyExtensionPolicy on the gateway of the models'),
  );
}

/** A route needs a policy of its own or of its Gateway, and a policy on the route puts the Gateway's aside. */
function checkGuard(
  route: KubeObject,
  policies: readonly KubeObject[],
  guards: readonly KubeObject[],
): readonly Finding[] {
  if (leadingRules(route).length === 0 || guards.some(guard => isOn(guard, route))) {
    return [];
  }
  const aside = policies.find(policy => isOn(policy, route) && !policy.spec.get('mergeType').exists);
  if (aside) {
    return [
      finding(
        'check-disabled',
        aside.spec,
        "# the extAuth of the Gateway's policy here too, or mergeType: StrategicMerge",
      ),
    ];
  }
  const guarded = guards.some(guard => isOnGateway(guard, route));
  const write = '# a SecurityPolicy with extAuth.grpc and the route or its Gateway in targetRefs';
  return findingIf(!guarded, 'no-ext-authz', route.spec.get('rules'), write);
}

/** A policy without a check of its own may open the one that it is merged with, or put it aside on a listener. */
function checkOther(policy: KubeObject, guards: readonly KubeObject[]): readonly Finding[] {
  const { spec } = policy;
  const open = spec.get('extAuth', 'failOpen');
  const onListener = refsOf(policy).some(
    ref =>
      ref.get('kind').text === 'Gateway' &&
      ref.get('sectionName').exists &&
      guards.some(guard => targets(guard, 'Gateway', policy.namespace, ref.get('name').text ?? '')),
  );
  return [
    ...findingIf(open.isTrue, 'failure-mode-allow', open, 'failOpen: false'),
    ...findingIf(
      onListener && !spec.get('mergeType').exists,
      'check-disabled',
      spec,
      "# the extAuth of the Gateway's policy here too: it puts that one aside on its listener",
    ),
  ];
}

function refsOf({ spec }: KubeObject): readonly ConfigNode[] {
  return [...spec.get('targetRefs').items, spec.get('targetRef')];
}

function asked({ spec, namespace }: KubeObject): string {
  const refs = [...spec.get('extAuth', 'grpc', 'backendRefs').items, spec.get('extAuth', 'grpc', 'backendRef')];
  return refs
    .filter(({ exists }) => exists)
    .map(ref => `${ref.get('namespace').text ?? namespace}/${ref.get('name').text}:${ref.get('port').text}`)
    .sort()
    .join();
}

/** By contextExtensions of a policy on the route, or on this rule of it. */
function isPinned(rule: ConfigNode, route: KubeObject, guards: readonly KubeObject[]): boolean {
  return guards.some(
    ({ spec, namespace }) =>
      spec
        .get('extAuth', 'contextExtensions')
        .items.some(item => item.get('name').text === pinKey && (item.get('value').text ?? '') !== '') &&
      [...spec.get('targetRefs').items, spec.get('targetRef')].some(
        ref =>
          ref.get('kind').text === route.kind &&
          ref.get('name').text === route.name &&
          namespace === route.namespace &&
          (!ref.get('sectionName').exists || ref.get('sectionName').text === rule.get('name').text),
      ),
  );
}

/** Labels are not followed: a policy that selects by them is taken to select the route's Gateway. */
function isOnGateway(policy: KubeObject, { spec, namespace }: KubeObject): boolean {
  const parents = spec.get('parentRefs').items;
  const onParent = parents.some(
    ref =>
      targets(
        policy,
        ref.get('kind').text ?? 'Gateway',
        ref.get('namespace').text ?? namespace,
        ref.get('name').text ?? '',
      ) && coversSection(policy, ref),
  );
  return onParent || policy.spec.get('targetSelectors').items.length > 0;
}

/** A policy for one listener guards only a route that is bound to that listener. */
function coversSection(policy: KubeObject, parent: ConfigNode): boolean {
  return refsOf(policy)
    .filter(ref => ref.get('name').text === parent.get('name').text)
    .some(ref => !ref.get('sectionName').exists || ref.get('sectionName').text === parent.get('sectionName').text);
}

function isOn(policy: KubeObject, { kind, namespace, name }: KubeObject): boolean {
  return targets(policy, kind, namespace, name);
}
