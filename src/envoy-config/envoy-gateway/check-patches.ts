import { checkFragment, isOfClusters, settingsOf } from '../check-fragment.ts';
import type { ConfigNode } from '../documents/config-node.ts';
import { mayEdit, moveBefore } from '../envoy/check-filters-around.ts';
import { httpFilter } from '../envoy/http-filter.ts';
import { type Finding, finding, findingIf, type Limits } from '../finding.ts';
import type { KubeObject } from '../kube-object.ts';
import type { Patched } from './check-security-policy.ts';

interface Patch {
  readonly value: ConfigNode;
  readonly path: readonly string[];
}

/** What JSON patches write into listeners and routes; patches of other resources are none of ours. */
export function checkPatchPolicy(
  policy: KubeObject,
  gateways: readonly KubeObject[],
  limits: Limits,
): readonly Finding[] {
  const ofClusters = patchesOf(policy, /\.Cluster$/).flatMap(({ value, path }) => checkFragment(value, limits, path));
  return [...checkParts(policy, limits), ...ofClusters.filter(isOfClusters), ...checkNames(policy, gateways)];
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

function checkParts(policy: KubeObject, limits: Limits): readonly Finding[] {
  return patchesOf(policy).flatMap(({ value, path }) => [
    ...checkFragment(value, limits, path),
    ...(path.some(part => /^http_?filters/i.test(part)) && isEditing(value)
      ? [finding('filter-behind-check', value, moveBefore)]
      : []),
  ]);
}

function isEditing(value: ConfigNode): boolean {
  const filter = httpFilter(value);
  return value.get('typed_config').exists && filter.kind !== 'ext_authz' && mayEdit(filter);
}

export function patched(policies: readonly KubeObject[]): Patched {
  const on = policies
    .flatMap(policy => patchesOf(policy))
    .flatMap(({ value, path }) => settingsOf(value, path))
    .filter(({ node }) => node.isTrue)
    .map(({ name }) => name);
  return { allowPartialMessage: on.includes('allowPartialMessage'), packAsBytes: on.includes('packAsBytes') };
}

function patchesOf({ spec }: KubeObject, types = /\.(Listener|RouteConfiguration)$/): readonly Patch[] {
  return spec
    .get('jsonPatches')
    .items.filter(patch => types.test(patch.get('type').text ?? ''))
    .map(patch => {
      const operation = patch.get('operation');
      const path = `${operation.get('jsonPath').text ?? ''}/${operation.get('path').text ?? ''}`;
      return { value: operation.get('value'), path: path.split(/[./]/).filter(part => part !== '') };
    });
}
