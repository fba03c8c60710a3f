import { checkFragment, checkWholeFilter, isOfClusters, settingsOf } from '../check-fragment.ts';
import type { ConfigNode } from '../documents/config-node.ts';
import { mayEdit, moveBefore } from '../envoy/check-filters-around.ts';
import { removedEarly } from '../envoy/check-forged-headers.ts';
import { httpFilter } from '../envoy/http-filter.ts';
import { typedConfig } from '../envoy/typed-config.ts';
import { type Finding, finding, type Limits } from '../finding.ts';
import type { KubeObject } from '../kube-object.ts';

/** What an EnvoyFilter's patches write that can be wrong in itself. */
export function checkEnvoyFilter({ spec }: KubeObject, limits: Limits): readonly Finding[] {
  return spec.get('configPatches').items.flatMap(patch => {
    const found = checkPatch(patch, limits);
    return patch.get('applyTo').text === 'CLUSTER' ? found.filter(isOfClusters) : found;
  });
}

function checkPatch(patch: ConfigNode, limits: Limits): readonly Finding[] {
  const operation = patch.get('patch', 'operation');
  const value = patch.get('patch', 'value');
  const [within = ''] = [subFilterOf(patch)];
  if (patch.get('applyTo').text !== 'HTTP_FILTER') {
    return checkFragment(value, limits);
  }
  const filter = httpFilter(value);
  const gone = operation.text === 'REMOVE' || (operation.text === 'REPLACE' && filter.kind !== 'ext_authz');
  if (gone && /ext_authz/.test(within)) {
    return [finding('check-disabled', operation, `# no ${operation.text} of ext_authz`)];
  }
  const inserted = operation.text !== 'MERGE';
  return [
    ...(inserted && filter.kind === 'ext_authz' ? checkWholeFilter(value, limits) : checkFragment(value, limits)),
    ...(inserted && filter.kind !== 'ext_authz' && mayEdit(filter) && isBehind(operation.text, within)
      ? [finding('filter-behind-check', value.get('name'), moveBefore)]
      : []),
  ];
}

/** INSERT_BEFORE without a filter's name is the front. Anywhere else, rbac and cors among them, is behind the check. */
function isBehind(operation: string | undefined, within: string): boolean {
  const front = operation === 'INSERT_FIRST' || (operation === 'INSERT_BEFORE' && /^$|ext_authz/.test(within));
  return !front;
}

function subFilterOf(patch: ConfigNode): string | undefined {
  return patch.get('match', 'listener', 'filterChain', 'filter', 'subFilter', 'name').text;
}

/** Headers of the check that patches of connection managers take from the client before any filter. */
export function headersRemoved(filters: readonly KubeObject[]): readonly string[] {
  return onGateways(filters).flatMap(patch =>
    [...patch.get('patch', 'value').walk()].filter(({ isMap }) => isMap).flatMap(removedEarly),
  );
}

/** Patches that a gateway gets; without a context every proxy does. */
function onGateways(filters: readonly KubeObject[]): readonly ConfigNode[] {
  return filters
    .flatMap(({ spec }) => spec.get('configPatches').items)
    .filter(patch => /^$|^(ANY|GATEWAY)$/.test(patch.get('match', 'context').text ?? ''));
}

/** What the patches of all EnvoyFilters set, by the settings' names in camelCase. */
export function settingsSet(filters: readonly KubeObject[]): ReadonlySet<string> {
  const set = onGateways(filters)
    .filter(patch => patch.get('applyTo').text !== 'CLUSTER')
    .flatMap(patch => settingsOf(patch.get('patch', 'value')))
    .filter(({ name, node }) => name !== 'clearRouteCache' || (node.isTrue && isOfAuthz(node)))
    .map(({ name }) => name);
  return new Set(set);
}

/** Other filters have a clear_route_cache too. */
function isOfAuthz({ parent }: ConfigNode): boolean {
  return parent !== undefined && typedConfig(parent).type.endsWith('.ExtAuthz');
}

/** Whether an EnvoyFilter brings the check itself, without Istio's API. */
export function bringsCheck({ spec }: KubeObject): boolean {
  return spec.get('configPatches').items.some(patch => {
    const operation = patch.get('patch', 'operation').text ?? '';
    return /^(INSERT|ADD)/.test(operation) && httpFilter(patch.get('patch', 'value')).kind === 'ext_authz';
  });
}
