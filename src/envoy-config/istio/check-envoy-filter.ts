import { checkAddedRoutes } from '../added-routes.ts';
import { checkFragment, isOfClusters, settingsOf } from '../check-fragment.ts';
import type { ConfigNode } from '../documents/config-node.ts';
import { removedEarly } from '../envoy/check-forged-headers.ts';
import { httpFilter } from '../envoy/http-filter.ts';
import { typedConfig } from '../envoy/typed-config.ts';
import { type Judged, joinJudged, type Limits } from '../finding.ts';
import { describeObject, type KubeObject } from '../kube-object.ts';
import { unreadSettings } from '../patched-settings.ts';
import { checkFilterPatch } from './patched-filters.ts';

/** What an EnvoyFilter's patches write that can be wrong in itself, and what can not be told of them here. */
export function checkEnvoyFilter(filter: KubeObject, limits: Limits): Judged {
  const { findings, notChecked } = joinJudged(
    filter.spec.get('configPatches').items.map(patch => checkPatch(patch, limits)),
  );
  return { findings, notChecked: notChecked.map(what => `${describeObject(filter)}: ${what}`) };
}

function checkPatch(patch: ConfigNode, limits: Limits): Judged {
  const value = patch.get('patch', 'value');
  const applyTo = patch.get('applyTo').text ?? '';
  if (applyTo === 'HTTP_FILTER') {
    return checkFilterPatch(patch, limits);
  }
  const found = checkFragment(value, limits);
  return joinJudged([
    { findings: applyTo === 'CLUSTER' ? found.filter(isOfClusters) : found, notChecked: [] },
    checkAddedRoutes(value, isAdding(patch) && applyTo === 'HTTP_ROUTE' ? 'routes' : ''),
    { findings: [], notChecked: isOnGateways(patch) ? unread(patch, value) : [] },
  ]);
}

function isAdding(patch: ConfigNode): boolean {
  return /^(INSERT|ADD)/.test(patch.get('patch', 'operation').text ?? '');
}

const mergeable = /^(LISTENER|FILTER_CHAIN|NETWORK_FILTER|ROUTE_CONFIGURATION|VIRTUAL_HOST|HTTP_ROUTE|CLUSTER)$/;
/** What comes and goes of these is judged, or leads nobody anywhere: a request without a route is answered 404. */
const free = /^(INSERT|ADD|REMOVE).* (VIRTUAL_HOST|HTTP_ROUTE|CLUSTER)$/;

function unread(patch: ConfigNode, value: ConfigNode): readonly string[] {
  const operation = patch.get('patch', 'operation');
  const applyTo = patch.get('applyTo').text ?? '';
  const told = free.test(`${operation.text} ${applyTo}`);
  const merged = operation.text === 'MERGE' && mergeable.test(applyTo) && isOfManager(patch, value);
  const settings = told ? [] : merged ? unreadSettings(value) : [operation];
  return settings.map(({ place }) => `${place.path}: a patch of it is not read here`);
}

/** Of other network filters nothing is known. */
function isOfManager(patch: ConfigNode, value: ConfigNode): boolean {
  const { type } = typedConfig(value.get('typed_config'));
  return patch.get('applyTo').text !== 'NETWORK_FILTER' || type === '' || type.endsWith('.HttpConnectionManager');
}

/** Headers of the check that patches of connection managers take from the client before any filter. */
export function headersRemoved(filters: readonly KubeObject[]): readonly string[] {
  return onGateways(filters).flatMap(patch =>
    [...patch.get('patch', 'value').walk()].filter(({ isMap }) => isMap).flatMap(removedEarly),
  );
}

/** Patches that a gateway gets. */
function onGateways(filters: readonly KubeObject[]): readonly ConfigNode[] {
  return filters.flatMap(({ spec }) => spec.get('configPatches').items).filter(isOnGateways);
}

/** Without a context every proxy gets it. */
function isOnGateways(patch: ConfigNode): boolean {
  return /^$|^(ANY|GATEWAY)$/.test(patch.get('match', 'context').text ?? '');
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
