import { checkFragment, settingsOf } from '../check-fragment.ts';
import type { ConfigNode } from '../documents/config-node.ts';
import { mayEdit, moveBefore } from '../envoy/check-filters-around.ts';
import { httpFilter } from '../envoy/http-filter.ts';
import { type Finding, finding, type Limits } from '../finding.ts';
import type { KubeObject } from '../kube-object.ts';
import type { Patched } from './check-security-policy.ts';

interface Patch {
  readonly value: ConfigNode;
  readonly path: readonly string[];
}

/** What JSON patches write into listeners and routes; patches of other resources are none of ours. */
export function checkPatchPolicy(policy: KubeObject, limits: Limits): readonly Finding[] {
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
    .flatMap(patchesOf)
    .flatMap(({ value, path }) => settingsOf(value, path))
    .filter(({ node }) => node.isTrue)
    .map(({ name }) => name);
  return { allowPartialMessage: on.includes('allowPartialMessage'), packAsBytes: on.includes('packAsBytes') };
}

function patchesOf({ spec }: KubeObject): readonly Patch[] {
  return spec
    .get('jsonPatches')
    .items.filter(patch => /\.(Listener|RouteConfiguration)$/.test(patch.get('type').text ?? ''))
    .map(patch => {
      const operation = patch.get('operation');
      const path = `${operation.get('jsonPath').text ?? ''}/${operation.get('path').text ?? ''}`;
      return { value: operation.get('value'), path: path.split(/[./]/).filter(part => part !== '') };
    });
}
