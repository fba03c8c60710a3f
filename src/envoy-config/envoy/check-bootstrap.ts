import type { ConfigNode } from '../documents/config-node.ts';
import { type Finding, finding, findingIf } from '../finding.ts';
import { typedConfig } from './typed-config.ts';

const loopback = /^(127\.|::1$|localhost$)/;

/** What only a whole bootstrap shows: who reaches the admin port, and whether the cluster that is asked exists. */
export function checkBootstrap(root: ConfigNode): readonly Finding[] {
  const address = root.get('admin', 'address', 'socket_address', 'address');
  const clusters = root.get('static_resources', 'clusters').items.map(cluster => cluster.get('name').text);
  const fetched = root.get('dynamic_resources', 'cds_config').exists;
  return [
    ...findingIf(
      address.exists && !loopback.test(address.text ?? ''),
      'admin-exposed',
      address,
      'address: 127.0.0.1 # or a pipe',
    ),
    ...(root.get('static_resources').exists && !fetched ? checkAsked(root, clusters) : []),
  ];
}

function checkAsked(root: ConfigNode, clusters: readonly (string | undefined)[]): readonly Finding[] {
  return [...root.get('static_resources', 'listeners').walk()]
    .filter(node => typedConfig(node).type.endsWith('.ExtAuthz'))
    .map(node => typedConfig(node).config.get('grpc_service', 'envoy_grpc', 'cluster_name'))
    .filter(name => name.exists && !clusters.includes(name.text))
    .map(name => finding('check-cluster-unknown', name, '# the name of a cluster under static_resources.clusters'));
}
