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
    ...checkRuntime(root),
  ];
}

function checkAsked(root: ConfigNode, clusters: readonly (string | undefined)[]): readonly Finding[] {
  const asked = checksIn(root).map(config => config.get('grpc_service', 'envoy_grpc', 'cluster_name'));
  const names = new Set(asked.map(({ text }) => text));
  return [
    ...asked
      .filter(name => name.exists && !clusters.includes(name.text))
      .map(name => finding('check-cluster-unknown', name, '# the name of a cluster under static_resources.clusters')),
    ...root
      .get('static_resources', 'clusters')
      .items.filter(cluster => names.has(cluster.get('name').text) && !speaksHttp2(cluster))
      .map(cluster => finding('check-cluster-http1', cluster.get('typed_extension_protocol_options'), http2)),
  ];
}

const optionsName = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
const http2 = `typed_extension_protocol_options: { ${optionsName}: { "@type": type.googleapis.com/${optionsName}, explicit_http_config: { http2_protocol_options: {} } } }`;

function speaksHttp2(cluster: ConfigNode): boolean {
  const { config } = typedConfig(cluster.get('typed_extension_protocol_options', optionsName));
  const chosen = config.get('explicit_http_config', 'http2_protocol_options').isMap;
  return chosen || config.get('auto_config').exists || cluster.get('http2_protocol_options').isMap;
}

function checksIn(root: ConfigNode): readonly ConfigNode[] {
  return [...root.get('static_resources', 'listeners').walk()]
    .map(typedConfig)
    .filter(({ type }) => type.endsWith('.ExtAuthz'))
    .map(({ config }) => config);
}

/** `deny_at_disable` has a runtime key, by which a layer may take it back. Envoy's admin port, which has one too, is closed. */
function checkRuntime(root: ConfigNode): readonly Finding[] {
  const layers = root.get('layered_runtime', 'layers').items;
  return checksIn(root).flatMap(config => {
    const key = config.get('deny_at_disable', 'runtime_key');
    const conditional = config.get('filter_enabled').exists || config.get('filter_enabled_metadata').exists;
    const settable = layers.some(layer => {
      const fixed = layer.get('static_layer');
      return fixed.exists ? setsKey(fixed, key.text ?? '') : !layer.get('admin_layer').exists;
    });
    return findingIf(
      conditional && key.exists && settable,
      'check-conditional',
      key,
      '# no layer of layered_runtime for this key',
    );
  });
}

/** Keys are written with dots or as mappings in each other. */
function setsKey(layer: ConfigNode, wanted: string): boolean {
  return [...layer.walk()].some(node => node !== layer && node.place.path.endsWith(`static_layer.${wanted}`));
}
