import { isDeciding } from '../decided-upstream.ts';
import type { ConfigNode } from '../documents/config-node.ts';
import { type Finding, findingIf } from '../finding.ts';
import type { Gateway } from './gateways.ts';
import { modelRoutes, waitsForCheck } from './routes.ts';
import { typedConfig } from './typed-config.ts';

/** Headers by which a client could choose the model itself where the check is not attached. */
export const routing = ['x-modelgate-model', 'x-modelgate-target'] as const;

/** They must be taken from the client before any filter reads them: the second line, should the first be missing. */
export function checkForgedHeaders({ manager, routes }: Gateway): readonly Finding[] {
  const waits = routes !== undefined && modelRoutes(routes).some(waitsForCheck);
  const internal = (routes?.get('internal_only_headers').items ?? []).map(({ text }) => text?.toLowerCase());
  // Only clients that Envoy takes for external lose them; an empty list of internal ones is a finding of its own.
  const external =
    manager.get('use_remote_address').isTrue &&
    manager.get('internal_address_config', 'cidr_ranges').items.length === 0;
  const taken = [...removedEarly(manager), ...(external ? internal : [])];
  const kept = routing.some(name => !taken.includes(name));
  return findingIf(waits && kept, 'forged-header-kept', manager.get('early_header_mutation_extensions'), taking);
}

/** Names, in lower case, that a connection manager or a patch of one removes by header mutation. */
export function removedEarly(manager: ConfigNode): readonly string[] {
  return manager
    .get('early_header_mutation_extensions')
    .items.map(item => typedConfig(item.get('typed_config')))
    .filter(({ type }) => type.endsWith('.HeaderMutation'))
    .flatMap(({ config }) => config.get('mutations').items)
    .map(mutation => (mutation.get('remove').text ?? '').toLowerCase())
    .filter(isDeciding);
}

const type = 'type.googleapis.com/envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation';
export const taking = `early_header_mutation_extensions: [{ name: envoy.http.early_header_mutation.header_mutation, typed_config: { "@type": ${type}, mutations: [{ remove: x-modelgate-model }, { remove: x-modelgate-target }] } }]`;
