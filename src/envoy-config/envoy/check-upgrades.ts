import { isOwnHeader } from '../decided-upstream.ts';
import { type Finding, finding } from '../finding.ts';
import type { Gateway } from './gateways.ts';
import { httpFilter, modelgateFilters } from './http-filter.ts';
import type { ModelRoute } from './routes.ts';

/** An upgrade with filters of its own runs through these alone. */
export function checkUpgrades({ manager }: Gateway): readonly Finding[] {
  return manager
    .get('upgrade_configs')
    .items.map(upgrade => upgrade.get('filters'))
    .filter(({ items }) => items.length > 0)
    .filter(({ items }) => modelgateFilters(items.map(httpFilter)).every(({ disabled }) => disabled))
    .map(filters =>
      finding('upgrade-past-check', filters, '# no filters here: the upgrade then takes http_filters, and the check'),
    );
}

/** Upgrades whose own filters hold the check: they are judged as chains of their own. */
export function upgradeChains(gateway: Gateway): readonly Gateway[] {
  return gateway.manager
    .get('upgrade_configs')
    .items.map(upgrade => upgrade.get('filters').items.map(httpFilter))
    .filter(filters => filters.length > 0)
    .map(filters => ({ ...gateway, filters, authz: modelgateFilters(filters) }))
    .filter(({ authz }) => authz.some(({ disabled }) => !disabled));
}

/** A route, and what stands around it, may write headers once more after the check. */
export function checkRewriting(route: ModelRoute): readonly Finding[] {
  const weighted = route.action.get('weighted_clusters', 'clusters').items;
  return [...route.around, ...weighted].flatMap(holder => [
    ...holder
      .get('request_headers_to_add')
      .items.map(entry => entry.get('header', 'key'))
      .filter(({ text }) => isOwnHeader(text))
      .map(key => finding('filter-behind-check', key, '# no x-modelgate- header: the check writes them')),
    ...holder
      .get('request_headers_to_remove')
      .items.filter(({ text }) => isOwnHeader(text))
      .map(name => finding('filter-behind-check', name, '# no x-modelgate- header: internal_only_headers takes them')),
  ]);
}
