import { isDeciding, isListOfNames, pinKey } from '../decided-upstream.ts';
import type { ConfigNode } from '../documents/config-node.ts';
import { type Finding, finding, findingIf } from '../finding.ts';
import { describeObject, type KubeObject } from '../kube-object.ts';
import { writtenByRoute } from '../own-headers.ts';
import { unstable } from '../unstable-routes.ts';

/** HTTP routes of a VirtualService: one of them must take what none of the others does, for the check to be asked. */
export function checkVirtualService({ spec }: KubeObject): readonly Finding[] {
  const http = spec.get('http');
  const write = '- { name: unmatched, directResponse: { status: 404 } } # the last of http';
  return findingIf(http.items.length > 0 && !http.items.some(isCatchAll), 'no-catch-all-route', http, write);
}

/** Routes and mirrors that wait for no word of the check on the model, and that no EnvoyFilter pins. */
export function checkDestinations({ spec }: KubeObject, filters: readonly KubeObject[]): readonly Finding[] {
  return spec.get('http').items.flatMap(route => [
    ...writtenByRoute(route),
    ...(isSettled(route) || isPinned(route, filters) ? [] : ['route', 'mirror', 'mirrors'])
      .map(name => route.get(name))
      .filter(({ exists, isList, items }) => exists && (!isList || items.length > 0))
      .map(node => finding('upstream-not-decided', node, settling)),
  ]);
}

const settling = '# beside it, in each entry of match: headers: { x-modelgate-model: { exact: MODEL } }';

function isSettled(route: ConfigNode): boolean {
  const matches = route.get('match').items;
  return matches.length > 0 && matches.every(match => match.get('headers').members.some(isSettling));
}

function isSettling(header: ConfigNode): boolean {
  const named = (header.get('exact').text ?? '') !== '' || isListOfNames(header.get('regex').text);
  return isDeciding(header.key) && named;
}

/** By a patch of HTTP_ROUTE that names the route. */
function isPinned(route: ConfigNode, filters: readonly KubeObject[]): boolean {
  const name = route.get('name').text ?? '';
  const patches = filters.flatMap(filter => filter.spec.get('configPatches').items);
  return patches.some(
    patch =>
      patch.get('applyTo').text === 'HTTP_ROUTE' &&
      name !== '' &&
      patch.get('match', 'routeConfiguration', 'vhost', 'route', 'name').text === name &&
      [...patch.get('patch', 'value').walk()].some(({ key, text }) => key === pinKey && text !== undefined),
  );
}

function isCatchAll(route: ConfigNode): boolean {
  const matches = route.get('match').items;
  return (
    matches.length === 0 ||
    matches.some(match => match.members.every(member => isEverything(member) || isLabel(member)))
  );
}

function isEverything(member: ConfigNode): boolean {
  return member.key === 'uri' && member.get('prefix').text === '/';
}

/** Does not narrow what is matched. */
function isLabel({ key, exists }: ConfigNode): boolean {
  return key === 'name' || key === 'ignoreUriCase' || !exists;
}

/** Routes that a call may leave by what the check takes from it, beside one with a pin. */
export function unstableRoutes({ spec }: KubeObject, filters: readonly KubeObject[]): readonly string[] {
  const routes = spec.get('http').items;
  return routes.some(route => isPinned(route, filters)) ? routes.filter(hasUnstableMatch).map(unstable) : [];
}

function hasUnstableMatch(route: ConfigNode): boolean {
  return route
    .get('match')
    .items.flatMap(match => ['headers', 'withoutHeaders', 'queryParams'].flatMap(name => match.get(name).members))
    .some(({ key }) => !key.startsWith(':') && !isDeciding(key));
}

/** Routes that are not read here: by connection, and those of another VirtualService. */
export function unreadRoutes(service: KubeObject): readonly string[] {
  const { spec } = service;
  const delegated = spec.get('http').items.some(route => route.get('delegate').exists);
  const parts = ['tcp', 'tls'].filter(name => spec.get(name).items.length > 0).map(name => `${name} routes`);
  return [...parts, ...(delegated ? ['routes by delegate'] : [])].map(what => `${what} of ${describeObject(service)}`);
}

/** Whether a route waits for a header that the check sets. */
export function usesCheck({ spec }: KubeObject): boolean {
  return spec
    .get('http')
    .items.flatMap(route => route.get('match').items)
    .flatMap(match => match.get('headers').members)
    .some(({ key }) => /^x-modelgate-/i.test(key));
}
