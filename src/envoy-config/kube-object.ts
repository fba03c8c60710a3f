import type { ConfigNode } from './documents/config-node.ts';

/** A Kubernetes object of the file. */
export interface KubeObject {
  readonly kind: string;
  /** API group, without its version: empty for core kinds. */
  readonly group: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly node: ConfigNode;
  readonly spec: ConfigNode;
}

/** undefined: the document is no Kubernetes object. A List is given as its items. */
export function kubeObjects(root: ConfigNode): readonly KubeObject[] | undefined {
  const kind = root.get('kind').text;
  const apiVersion = root.get('apiVersion').text;
  if (kind === undefined || apiVersion === undefined) {
    return undefined;
  }
  const items = root.get('items');
  if (kind.endsWith('List') && items.isList) {
    return items.items.flatMap(item => kubeObjects(item) ?? []);
  }
  const metadata = root.get('metadata');
  return [
    {
      kind,
      group: apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '',
      name: metadata.get('name').text ?? '',
      namespace: metadata.get('namespace').text ?? 'default',
      labels: new Map(metadata.get('labels').members.map(({ key, text = '' }) => [key, text])),
      node: root,
      spec: root.get('spec'),
    },
  ];
}

export function describeObject({ kind, namespace, name }: KubeObject): string {
  return `${kind} ${namespace}/${name}`;
}

/** Whether a LabelSelector (`matchLabels`, `matchExpressions`) takes these labels; undefined where it says what is not known. */
export function takesLabels(selector: ConfigNode, labels: ReadonlyMap<string, string>): boolean | undefined {
  const exact = selector.get('matchLabels').members.every(({ key, text }) => labels.get(key) === text);
  const others = selector.get('matchExpressions').items.map(it => takesExpression(it, labels));
  return !exact || others.includes(false) ? false : others.includes(undefined) ? undefined : true;
}

function takesExpression(expression: ConfigNode, labels: ReadonlyMap<string, string>): boolean | undefined {
  const value = labels.get(expression.get('key').text ?? '');
  const listed = expression.get('values').items.some(({ text }) => text === value);
  switch (expression.get('operator').text) {
    case 'In':
      return value !== undefined && listed;
    case 'NotIn':
      return !listed;
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return undefined;
  }
}

/** Whether a policy's `targetRefs` name this object. */
export function targets(policy: KubeObject, kind: string, namespace: string, name: string): boolean {
  const refs = [...policy.spec.get('targetRefs').items, policy.spec.get('targetRef')];
  return refs.some(
    ref =>
      ref.get('kind').text === kind &&
      ref.get('name').text === name &&
      (ref.get('namespace').text ?? policy.namespace) === namespace,
  );
}
