import { isDeciding, isListOfNames } from './decided-upstream.ts';
import type { ConfigNode } from './documents/config-node.ts';
import { type Finding, finding, findingIf } from './finding.ts';
import type { KubeObject } from './kube-object.ts';
import { writtenByRule } from './own-headers.ts';
import { unstable } from './unstable-routes.ts';

/** Rules of an HTTPRoute or GRPCRoute that lead to a backend. */
export function leadingRules({ spec }: KubeObject): readonly ConfigNode[] {
  return spec.get('rules').items.filter(rule => rule.get('backendRefs').items.length > 0);
}

/** Routes of one parent and host together must take every request, for the check to be asked. */
export function checkCatchAll(routes: readonly KubeObject[]): readonly Finding[] {
  const groups = new Map<string, KubeObject[]>();
  for (const route of routes) {
    const name = groupOf(route);
    groups.set(name, [...(groups.get(name) ?? []), route]);
  }
  return [...groups.values()].flatMap(group => {
    const [first] = group;
    const complete = group.some(({ spec }) => spec.get('rules').items.some(isCatchAll));
    return first && !complete && group.some(route => leadingRules(route).length > 0)
      ? [finding('no-catch-all-route', first.spec.get('rules'), catchAll)]
      : [];
  });
}

const catchAll = [
  '- matches: [{ path: { type: PathPrefix, value: / } }]',
  '  filters: # an HTTPRouteFilter with directResponse: { statusCode: 404 }',
  '    - { type: ExtensionRef, extensionRef: { group: gateway.envoyproxy.io, kind: HTTPRouteFilter, name: unmatched } }',
].join('\n');

function groupOf({ spec, namespace }: KubeObject): string {
  const parents = spec.get('parentRefs').items;
  const names = parents.map(ref => `${ref.get('namespace').text ?? namespace}/${ref.get('name').text}`);
  const hosts = spec.get('hostnames').items.map(({ text }) => text);
  return JSON.stringify([names.sort(), hosts.sort()]);
}

function isCatchAll(rule: ConfigNode): boolean {
  const matches = rule.get('matches').items;
  return matches.length === 0 || matches.some(matchesAll);
}

/** Without a path, the Gateway API takes the prefix `/`. */
function matchesAll(match: ConfigNode): boolean {
  const path = match.get('path');
  const root = (path.get('value').text ?? '/') === '/' && (path.get('type').text ?? 'PathPrefix') === 'PathPrefix';
  const narrower = match.members.some(
    ({ key, items, exists, isList }) => key !== 'path' && exists && (!isList || items.length > 0),
  );
  return root && !narrower;
}

/** Whether a route waits for a header that the check sets. */
export function usesCheck({ spec }: KubeObject): boolean {
  return spec
    .get('rules')
    .items.flatMap(rule => rule.get('matches').items)
    .flatMap(match => match.get('headers').items)
    .some(header => /^x-modelgate-/i.test(header.get('name').text ?? ''));
}

/** Rules and mirrors that lead to a backend without waiting for the check's word on the model, and without a pin. */
export function checkBackends(route: KubeObject, isPinned: (rule: ConfigNode) => boolean): readonly Finding[] {
  return route.spec
    .get('rules')
    .items.flatMap(rule => [
      ...writtenByRule(rule),
      ...(isPinned(rule) || isSettled(rule) ? [] : [rule.get('backendRefs'), ...mirrorsOf(rule)])
        .filter(({ exists, isList, items }) => exists && (!isList || items.length > 0))
        .map(node => finding('upstream-not-decided', node, settling)),
    ]);
}

/** Rules that a call may leave by what the check takes from it, beside one with a pin. */
export function unstableRules({ spec }: KubeObject, isPinned: (rule: ConfigNode) => boolean): readonly string[] {
  const rules = spec.get('rules').items;
  const unstableOnes = rules.filter(rule =>
    rule
      .get('matches')
      .items.flatMap(match => [...match.get('headers').items, ...match.get('queryParams').items])
      .some(it => !isDeciding(it.get('name').text)),
  );
  return rules.some(isPinned) ? unstableOnes.map(unstable) : [];
}

const settling = '# on the rule, in each of its matches: headers: [{ name: x-modelgate-model, value: MODEL }]';

function mirrorsOf(rule: ConfigNode): readonly ConfigNode[] {
  return rule.get('filters').items.map(filter => filter.get('requestMirror'));
}

function isSettled(rule: ConfigNode): boolean {
  const matches = rule.get('matches').items;
  return matches.length > 0 && matches.every(match => match.get('headers').items.some(isSettling));
}

function isSettling(header: ConfigNode): boolean {
  const value = header.get('value').text ?? '';
  const exact = (header.get('type').text ?? 'Exact') === 'Exact';
  return isDeciding(header.get('name').text) && value !== '' && (exact || isListOfNames(value));
}

/** Envoy Gateway leaves Envoy's default of 15 s where nobody says otherwise. */
export function checkTimeouts(routes: readonly KubeObject[], traffic: readonly KubeObject[]): readonly Finding[] {
  const said = traffic.some(({ spec }) => spec.get('timeout', 'http', 'requestTimeout').exists);
  return routes.flatMap(leadingRules).flatMap(rule => {
    const timeouts = rule.get('timeouts');
    const own = timeouts.get('request').exists || timeouts.get('backendRequest').exists;
    return findingIf(
      !said && !own,
      'route-timeout',
      timeouts,
      'timeouts: { request: 0s } # maxStreamDuration is the limit',
    );
  });
}
