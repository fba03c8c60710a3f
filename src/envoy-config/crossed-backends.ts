import { isDeciding, isListOfNames, listedNames } from './decided-upstream.ts';
import type { ConfigNode } from './documents/config-node.ts';
import type { KubeObject } from './kube-object.ts';

interface Way {
  /** Models for which the decision leads here, and the Service's name. */
  readonly names: readonly string[];
  readonly service: string;
  readonly path: string;
}

/**
 * Rules by which the decision for one model leads to a Service that goes by the name of another one of the file, or that
 * does not go by its own though one does.
 */
export function crossed(routes: readonly KubeObject[], services: readonly KubeObject[]): readonly string[] {
  const ways = routes.flatMap(route => [...ofVirtualService(route), ...ofRoute(route)]);
  const decided = new Set(ways.flatMap(({ names }) => names));
  const written = new Set([...ways.map(({ service }) => service), ...services.map(({ name }) => name)]);
  return ways.flatMap(({ names, service, path }) =>
    names
      .filter(name => service !== '' && name !== service && (decided.has(service) || written.has(name)))
      .map(name => `whether ${service} serves the model ${name}, for which ${path} leads there`),
  );
}

function ofVirtualService({ spec }: KubeObject): readonly Way[] {
  return spec.get('http').items.flatMap(route => {
    const headers = route.get('match').items.flatMap(match => match.get('headers').members);
    const names = headers
      .filter(({ key }) => isDeciding(key))
      .flatMap(header => namesIn(header.get('exact').text, header.get('regex').text));
    const ways = [...route.get('route').items, ...route.get('mirrors').items].map(way => way.get('destination'));
    return [...ways, route.get('mirror')].map(way => {
      const [service = ''] = (way.get('host').text ?? '').split('.');
      return { names, service, path: route.place.path };
    });
  });
}

function ofRoute({ spec }: KubeObject): readonly Way[] {
  return spec.get('rules').items.flatMap(rule => {
    const headers = rule.get('matches').items.flatMap(match => match.get('headers').items);
    const names = headers.filter(header => isDeciding(header.get('name').text)).flatMap(header => namesOf(header));
    const mirrors = rule.get('filters').items.map(filter => filter.get('requestMirror', 'backendRef'));
    return [...rule.get('backendRefs').items, ...mirrors].map(way => ({
      names,
      service: way.get('name').text ?? '',
      path: rule.place.path,
    }));
  });
}

function namesOf(header: ConfigNode): readonly string[] {
  const value = header.get('value').text;
  const exact = (header.get('type').text ?? 'Exact') === 'Exact';
  return exact ? namesIn(value, undefined) : namesIn(undefined, value);
}

function namesIn(exact: string | undefined, regex: string | undefined): readonly string[] {
  return exact === undefined ? (isListOfNames(regex) ? listedNames(regex) : []) : [exact];
}
