import type { ConfigNode } from '../documents/config-node.ts';
import { type Finding, findingIf } from '../finding.ts';
import type { KubeObject } from '../kube-object.ts';

/** HTTP routes of a VirtualService: one of them must take what none of the others does, for the check to be asked. */
export function checkVirtualService({ spec }: KubeObject): readonly Finding[] {
  const http = spec.get('http');
  const write = '- { name: unmatched, directResponse: { status: 404 } } # the last of http';
  return findingIf(http.items.length > 0 && !http.items.some(isCatchAll), 'no-catch-all-route', http, write);
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

/** Whether a route waits for a header that the check sets. */
export function usesCheck({ spec }: KubeObject): boolean {
  return spec
    .get('http')
    .items.flatMap(route => route.get('match').items)
    .flatMap(match => match.get('headers').members)
    .some(({ key }) => /^x-modelgate-/i.test(key));
}
