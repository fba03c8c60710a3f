import { type ConfigNode, canonical } from '../documents/config-node.ts';
import type { KubeObject } from '../kube-object.ts';

/** One entry of an EnvoyPatchPolicy's `jsonPatches`. */
export interface JsonPatch {
  readonly node: ConfigNode;
  /** `Listener`, `RouteConfiguration`, `Cluster` and the like. */
  readonly resource: string;
  readonly op: string;
  readonly value: ConfigNode;
  /** Where it goes: members, indices, and JSONPath's brackets as one part each. */
  readonly path: readonly string[];
  /** The last member in the path, in camelCase. */
  readonly name: string;
  /** Whether it goes into that member, as an entry of the list or map, and not in its place. */
  readonly isEntry: boolean;
}

export function jsonPatchesOf({ spec }: KubeObject): readonly JsonPatch[] {
  return spec.get('jsonPatches').items.map(node => {
    const operation = node.get('operation');
    const found = operation.get('jsonPath').text?.match(/\[[^\]]*\]|[^.[\]]+/g) ?? [];
    const pointer = operation.get('path').text?.split('/') ?? [];
    const path = [...found, ...pointer].filter(part => part !== '' && part !== '$');
    const names = path.filter(isMember);
    return {
      node,
      resource: node.get('type').text?.split('.').at(-1) ?? '',
      op: operation.get('op').text ?? '',
      value: operation.get('value'),
      path,
      name: canonical(names.at(-1) ?? ''),
      isEntry: names.length > 0 && path.at(-1) !== names.at(-1),
    };
  });
}

/** No index, and no bracket. Names of filters are entries of `typed_per_filter_config`. */
function isMember(part: string): boolean {
  return /^[a-z][a-z0-9_]*$/i.test(part);
}
