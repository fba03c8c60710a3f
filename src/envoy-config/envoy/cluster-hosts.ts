import type { ConfigNode } from '../documents/config-node.ts';
import { typedConfig } from './typed-config.ts';

/** undefined: a control plane gives them, and they are not in the file. */
export function loadOf(cluster: ConfigNode, assignments: readonly ConfigNode[]): ConfigNode | undefined {
  const kind = typedConfig(cluster.get('cluster_type', 'typed_config')).type;
  if (cluster.get('type').text !== 'EDS' && !/\.eds\./.test(kind)) {
    return cluster.get('load_assignment');
  }
  const name = cluster.get('eds_cluster_config', 'service_name').text || cluster.get('name').text;
  return assignments.find(it => it.get('cluster_name').text === name);
}

/** Sockets as `HOST:PORT`, pipes by their path. */
export function addressesOf(load: ConfigNode): readonly string[] {
  return load
    .get('endpoints')
    .items.flatMap(locality => locality.get('lb_endpoints').items)
    .map(entry => entry.get('endpoint', 'address'))
    .map(address => {
      const socket = address.get('socket_address');
      const port = socket.get('port_value').text ?? socket.get('named_port').text ?? '';
      return address.get('pipe', 'path').text ?? (socket.exists ? `${socket.get('address').text}:${port}` : '');
    })
    .filter(address => address !== '');
}
