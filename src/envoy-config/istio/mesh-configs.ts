import type { ConfigNode } from '../documents/config-node.ts';
import { readDocuments } from '../documents/read-documents.ts';
import type { KubeObject } from '../kube-object.ts';

/** MeshConfig where people write it: alone, in Helm values, in an IstioOperator, in the ConfigMap of istiod. */
export function meshConfigsOf(root: ConfigNode): readonly ConfigNode[] {
  const candidates = [root, root.get('meshConfig'), root.get('spec', 'meshConfig'), root.get('mesh')];
  return candidates.filter(
    node =>
      node.get('extensionProviders').isList ||
      (node.key === 'meshConfig' && node.isMap) ||
      node.get('defaultConfig').isMap,
  );
}

/** The MeshConfig that a ConfigMap holds as a text. Throws UnreadableConfig where that is no YAML. */
export function meshOfConfigMap({ kind, node }: KubeObject): readonly ConfigNode[] {
  const mesh = node.get('data', 'mesh');
  const { text, place } = mesh;
  if (kind !== 'ConfigMap' || text === undefined) {
    return [];
  }
  // Text of a block begins on the line below its name; lines of other forms can't be told, and stand at the name's.
  return readDocuments(text, { ...place, linesBefore: place.line });
}
