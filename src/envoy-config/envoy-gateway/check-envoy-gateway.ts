import { crossed } from '../crossed-backends.ts';
import { pinKey } from '../decided-upstream.ts';
import type { ConfigNode } from '../documents/config-node.ts';
import { checkStatus } from '../envoy/check-authz-filter.ts';
import { type Finding, finding, findingIf, joinJudged, type Limits, type Report } from '../finding.ts';
import { checkBackends, checkCatchAll, checkTimeouts, leadingRules, unstableRules, usesCheck } from '../http-routes.ts';
import { describeObject, type KubeObject, targets } from '../kube-object.ts';
import { checkClientTraffic } from './check-client-traffic.ts';
import { checkEnvoyProxy } from './check-envoy-proxy.ts';
import { checkPatchPolicy, patched } from './check-patches.ts';
import { checkSecurityPolicy } from './check-security-policy.ts';
import { checkUnbuffered, isOnStreams } from './check-unbuffered.ts';
import { PolicyScope, refsOf } from './policy-scope.ts';
import { unreadParts } from './unread-parts.ts';

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
  const scope = new PolicyScope(objects);
  const [guard] = guards;
  const patching = joinJudged([
    ...patches.map(policy => checkPatchPolicy(policy, of('Gateway'), limits)),
    checkUnbuffered(patches, routes),
  ]);
  return {
    findings: [
      ...guards.flatMap(policy => checkSecurityPolicy(policy, patched(patches), limits, isOnStreams(policy, routes))),
      ...guards.flatMap(policy => checkRecomputing(policy, routes)),
      ...policies.filter(policy => !guards.includes(policy)).flatMap(policy => checkOther(policy, guards)),
      ...patching.findings,
      ...traffic.flatMap(checkOverrides),
      ...extensions.flatMap(checkExtension),
      ...routes.flatMap(route => checkGuard(route, policies, guards, scope)),
      ...(guard ? routes.flatMap(route => checkBackends(route, rule => isPinned(rule, route, guards))) : []),
      ...(guard ? [...checkCatchAll(routes), ...checkTimeouts(routes, traffic)] : []),
      ...[...clients, ...(guard && clients.length === 0 ? [guard] : [])].flatMap(({ spec }) =>
        checkClientTraffic(spec, traffic, limits, guard !== undefined && routes.some(usesCheck)),
      ),
      ...[...proxies, ...(guard && proxies.length === 0 ? [guard] : [])].flatMap(({ spec }) => checkEnvoyProxy(spec)),
    ],
    checked: [...guards, ...routes, ...clients, ...traffic, ...proxies, ...patches, ...extensions].map(object =>
      isHeld(object, guards, scope) ? `${describeObject(object)} (${held})` : describeObject(object),
    ),
    notChecked: [
      ...(guard ? [] : ['which requests are checked: no SecurityPolicy with extAuth.grpc is in this file']),
      ...[...policies, ...clients].flatMap(policy => scope.unresolved(policy)),
      ...crossed(routes, of('Service')),
      ...patching.notChecked,
      ...routes.flatMap(route => unstableRules(route, rule => isPinned(rule, route, guards))),
      ...unreadParts([...policies, ...proxies, ...of('HTTPRouteFilter')]),
      ...guards
        .filter(policy => guard && asked(policy) !== asked(guard))
        .map(
          policy =>
            `${describeObject(policy)}: whether the service that it asks is Modelgate; another policy asks another`,
        ),
    ],
  };
}

/** Not wrong, and to be known: a policy that sends the body waits for it, and for a stream that stays open for ever. */
const held = 'a gRPC stream that stays open waits for its end, unless a SecurityPolicy on it sends no body';

function isHeld(route: KubeObject, guards: readonly KubeObject[], scope: PolicyScope): boolean {
  const own = guards.filter(guard => scope.isOn(guard, route));
  return (
    route.kind === 'GRPCRoute' &&
    (own.length === 0 || own.some(({ spec }) => spec.get('extAuth', 'bodyToExtAuth').exists))
  );
}

function checkRecomputing({ spec }: KubeObject, routes: readonly KubeObject[]): readonly Finding[] {
  const recompute = spec.get('extAuth', 'recomputeRoute');
  const needed = routes.length === 0 || routes.some(usesCheck);
  return findingIf(needed && !recompute.isTrue, 'missing-clear-route-cache', recompute, 'recomputeRoute: true');
}

/** A refusal may be answered by something else, as custom_response does in Envoy. */
function checkOverrides({ spec }: KubeObject): readonly Finding[] {
  return spec
    .get('responseOverride')
    .items.flatMap(override => checkStatus(override.get('response', 'statusCode'), '# no statusCode below 400'));
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
  scope: PolicyScope,
): readonly Finding[] {
  if (leadingRules(route).length === 0 || guards.some(guard => scope.isOn(guard, route))) {
    return [];
  }
  const aside = policies.find(policy => scope.isOn(policy, route) && !policy.spec.get('mergeType').exists);
  if (aside) {
    return [
      finding(
        'check-disabled',
        aside.spec,
        "# the extAuth of the Gateway's policy here too, or mergeType: StrategicMerge",
      ),
    ];
  }
  const guarded = guards.some(guard => scope.isOnGateway(guard, route));
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
    policy =>
      policy.spec
        .get('extAuth', 'contextExtensions')
        .items.some(item => item.get('name').text === pinKey && (item.get('value').text ?? '') !== '') &&
      refsOf(policy).some(
        ref =>
          ref.get('kind').text === route.kind &&
          ref.get('name').text === route.name &&
          policy.namespace === route.namespace &&
          (!ref.get('sectionName').exists || ref.get('sectionName').text === rule.get('name').text),
      ),
  );
}
