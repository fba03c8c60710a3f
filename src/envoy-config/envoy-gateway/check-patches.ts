import { addedRoutes, checkAddedRoutes } from '../added-routes.ts';
import { checkFragment, isOfClusters, settingsOf } from '../check-fragment.ts';
import type { ConfigNode } from '../documents/config-node.ts';
import { checkAddedFilter } from '../envoy/check-filters-around.ts';
import { httpFilter } from '../envoy/http-filter.ts';
import { type Finding, finding, findingIf, type Judged, joinJudged, type Limits } from '../finding.ts';
import { describeObject, type KubeObject } from '../kube-object.ts';
import { isStructural, unreadSettings } from '../patched-settings.ts';
import type { Patched } from './check-security-policy.ts';
import { type JsonPatch, jsonPatchesOf } from './json-patch.ts';

/** What JSON patches write that can be wrong in itself, and what can not be told of them here. */
export function checkPatchPolicy(policy: KubeObject, gateways: readonly KubeObject[], limits: Limits): Judged {
  const parts = jsonPatchesOf(policy)
    .filter(({ op }) => op !== 'test')
    .map(patch => (isWritten(patch) ? checkWritten(patch, limits) : checkTaken(patch)));
  const { findings, notChecked } = joinJudged(parts);
  return {
    findings: [...findings, ...checkNames(policy, gateways)],
    notChecked: notChecked.map(what => `${describeObject(policy)}: ${what}`),
  };
}

/** Envoy Gateway calls a listener NAMESPACE/GATEWAY/LISTENER, or tcp-PORT, and drops a patch for a name that it does not give. */
function checkNames({ spec }: KubeObject, gateways: readonly KubeObject[]): readonly Finding[] {
  return spec.get('jsonPatches').items.flatMap(patch => {
    const name = patch.get('name');
    const [namespace, gateway, listener] = (name.text ?? '').split('/');
    const meant = gateways.find(it => it.namespace === namespace && it.name === gateway);
    const names = (meant?.spec.get('listeners').items ?? []).map(it => it.get('name').text ?? '');
    const absent = listener !== undefined && meant !== undefined && !names.includes(listener);
    const write = names.map(known => `${namespace}/${gateway}/${known}`).join(' or ');
    return findingIf(absent, 'patch-without-target', name, `name: ${write}`);
  });
}

/** A value of null takes away what was there. */
function isWritten({ op, value }: JsonPatch): boolean {
  return (op === 'add' || op === 'replace') && value.exists;
}

/** By remove, move or copy. */
function checkTaken({ node, name, isEntry, path, op }: JsonPatch): Judged {
  const ofCheck = isEntry && /ext_authz/.test(path.at(-1) ?? '');
  const gone = ofCheck || (!isEntry && (name === 'typedPerFilterConfig' || name === 'httpFilters'));
  return gone
    ? { findings: [finding('check-disabled', node.get('operation'), withoutCheck)], notChecked: [] }
    : { findings: [], notChecked: [`${node.place.path}: what is left after its ${op || 'operation'}`] };
}

const withoutCheck = '# no patch of ext_authz, nor of typed_per_filter_config as a whole: Envoy Gateway asks by these';

function checkWritten(patch: JsonPatch, limits: Limits): Judged {
  const { node, resource, value, path, name, isEntry } = patch;
  const found = checkFragment(value, limits, path);
  const isFilter = isEntry && name === 'httpFilters';
  return joinJudged([
    { findings: resource === 'Cluster' ? found.filter(isOfClusters) : found, notChecked: [] },
    checkAddedRoutes(value, name),
    { findings: uncheckedRoutes(patch), notChecked: [] },
    isFilter ? checkFilter(patch) : checkReplaced(patch),
    {
      findings: [],
      notChecked: [
        ...(isFilter ? [] : unreadSettings(value, nameOf(patch))),
        ...(isRead.test(resource) && name !== 'name' ? [] : [node]),
      ].map(({ place }) => `${place.path}: a patch of it is not read here`),
    },
  ]);
}

/** Envoy Gateway's check is off where neither a route nor its virtual host has settings of it. */
function uncheckedRoutes({ value, name }: JsonPatch): readonly Finding[] {
  return addedRoutes(value, name)
    .filter(route => route.get('route').exists && !asks(route) && !asks(value))
    .map(route => finding('check-disabled', route, '# typed_per_filter_config with check_settings of ext_authz'));
}

function asks(holder: ConfigNode): boolean {
  return holder.get('typed_per_filter_config').members.some(({ key }) => /ext_authz/.test(key));
}

/** A map in a list has no name of its own. */
function nameOf({ name, isEntry, value }: JsonPatch): string {
  return isEntry && value.isMap && name !== 'routes' ? '' : name;
}

const isRead = /^(Listener|RouteConfiguration|Cluster)$/;

/** A filter that is put beside the others, or in the place of one. */
function checkFilter({ node, op, value, path }: JsonPatch): Judged {
  const filter = httpFilter(value);
  const around = `of ${value.place.path}`;
  const unread = { findings: [], notChecked: [`${node.place.path}: which filter it is put in the place of`] };
  return joinJudged([
    filter.kind === 'ext_authz' ? unread : checkAddedFilter(filter, true, around),
    op === 'replace' && /ext_authz/.test(path.at(-1) ?? '')
      ? { findings: [finding('check-disabled', value, withoutCheck)], notChecked: [] }
      : op === 'replace'
        ? unread
        : { findings: [], notChecked: [] },
  ]);
}

/** JSON Patch puts a map or list in the place of what was there, the check's own settings among it. */
function checkReplaced({ node, value, name, isEntry }: JsonPatch): Judged {
  const kept = value.members.some(({ key }) => /ext_authz/.test(key));
  const structural = name === '' || isStructural(name);
  if (isEntry || !(value.isMap || value.isList) || !structural) {
    return { findings: [], notChecked: [] };
  }
  return name === 'typedPerFilterConfig' && !kept
    ? { findings: [finding('check-disabled', value, withoutCheck)], notChecked: [] }
    : { findings: [], notChecked: [`${node.place.path}: what it puts in the place of ${name || 'all'}`] };
}

/** What patches switch on that a SecurityPolicy can't. */
export function patched(policies: readonly KubeObject[]): Patched {
  const on = policies
    .flatMap(jsonPatchesOf)
    .filter(patch => /^(Listener|RouteConfiguration)$/.test(patch.resource) && isWritten(patch))
    .flatMap(({ value, path }) => settingsOf(value, path))
    .filter(({ node }) => node.isTrue)
    .map(({ name }) => name);
  return { allowPartialMessage: on.includes('allowPartialMessage'), packAsBytes: on.includes('packAsBytes') };
}
