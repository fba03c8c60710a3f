import type { ConfigNode } from '../documents/config-node.ts';
import { describeObject, type KubeObject, takesLabels, targets } from '../kube-object.ts';

/** What policies are on: by `targetRefs`, and by `targetSelectors` as far as the labels are in the file. */
export class PolicyScope {
  readonly #objects: readonly KubeObject[];

  constructor(objects: readonly KubeObject[]) {
    this.#objects = objects;
  }

  /** On the route as a whole, or on a rule of it. */
  isOn(policy: KubeObject, { kind, namespace, name }: KubeObject): boolean {
    return this.#targets(policy, kind, namespace, name);
  }

  /** On a Gateway that the route is bound to. A selector whose Gateway is not in the file is taken to select it. */
  isOnGateway(policy: KubeObject, route: KubeObject): boolean {
    const parents = route.spec.get('parentRefs').items;
    return parents.some(ref => {
      const kind = ref.get('kind').text ?? 'Gateway';
      const namespace = ref.get('namespace').text ?? route.namespace;
      const name = ref.get('name').text ?? '';
      const known = this.#find(kind, namespace, name) !== undefined;
      const named = targets(policy, kind, namespace, name) && coversSection(policy, ref);
      return named || (known ? this.#selects(policy, kind, namespace, name) : selectorsOf(policy, kind).length > 0);
    });
  }

  /** Selectors that can't be followed: none of their kind is in the file with such labels. */
  unresolved(policy: KubeObject): readonly string[] {
    const open = policy.spec.get('targetSelectors').items.filter(selector => {
      const kind = selector.get('kind').text;
      const taken = this.#objects.filter(object => object.kind === kind && object.namespace === policy.namespace);
      return !taken.some(({ labels }) => takesLabels(selector, labels));
    });
    return open.length === 0
      ? []
      : [`${describeObject(policy)}: what its targetSelectors select; nothing in this file has such labels`];
  }

  #targets(policy: KubeObject, kind: string, namespace: string, name: string): boolean {
    return targets(policy, kind, namespace, name) || this.#selects(policy, kind, namespace, name);
  }

  /** Selectors reach objects of their own namespace. */
  #selects(policy: KubeObject, kind: string, namespace: string, name: string): boolean {
    const object = this.#find(kind, namespace, name);
    return (
      object !== undefined &&
      policy.namespace === namespace &&
      selectorsOf(policy, kind).some(selector => takesLabels(selector, object.labels) === true)
    );
  }

  #find(kind: string, namespace: string, name: string): KubeObject | undefined {
    return this.#objects.find(it => it.kind === kind && it.namespace === namespace && it.name === name);
  }
}

export function refsOf({ spec }: KubeObject): readonly ConfigNode[] {
  return [...spec.get('targetRefs').items, spec.get('targetRef')];
}

function selectorsOf({ spec }: KubeObject, kind: string): readonly ConfigNode[] {
  return spec.get('targetSelectors').items.filter(selector => selector.get('kind').text === kind);
}

/** A policy for one listener guards only a route that is bound to that listener. */
function coversSection(policy: KubeObject, parent: ConfigNode): boolean {
  return refsOf(policy)
    .filter(ref => ref.get('name').text === parent.get('name').text)
    .some(ref => !ref.get('sectionName').exists || ref.get('sectionName').text === parent.get('sectionName').text);
}
