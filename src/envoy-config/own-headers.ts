import { isOwnHeader } from './decided-upstream.ts';
import type { ConfigNode } from './documents/config-node.ts';
import { type Finding, finding } from './finding.ts';

const write = '# no x-modelgate- header: the check writes them';

/** Headers of the check that a route of the Gateway API writes or removes once more, behind it. */
export function writtenByRule(rule: ConfigNode): readonly Finding[] {
  const backends = rule.get('backendRefs').items;
  return [rule, ...backends]
    .flatMap(holder => holder.get('filters').items)
    .map(filter => filter.get('requestHeaderModifier'))
    .flatMap(modifier => [
      ...['set', 'add'].flatMap(name => modifier.get(name).items.map(entry => entry.get('name'))),
      ...modifier.get('remove').items,
    ])
    .filter(({ text }) => isOwnHeader(text))
    .map(node => finding('filter-behind-check', node, write));
}

/** The same of a route of a VirtualService, or of one of its destinations. */
export function writtenByRoute(route: ConfigNode): readonly Finding[] {
  return [route, ...route.get('route').items]
    .map(holder => holder.get('headers', 'request'))
    .flatMap(request => [
      ...['set', 'add'].flatMap(name => request.get(name).members.filter(({ key }) => isOwnHeader(key))),
      ...request.get('remove').items.filter(({ text }) => isOwnHeader(text)),
    ])
    .map(node => finding('filter-behind-check', node, write));
}
