import type { ConfigNode } from '../documents/config-node.ts';
import { finding, type Judged, joinJudged } from '../finding.ts';
import { takesGrpcOnly } from '../grpc-calls.ts';
import { checkUpstreamFilters } from './check-filters-around.ts';
import type { Gateway, Resources } from './gateways.ts';
import { unknownMembers } from './known-members.ts';
import { askersOf, reach } from './reach.ts';
import { allRoutes } from './routes.ts';
import { sharedAddresses } from './shared-addresses.ts';
import { typedConfig } from './typed-config.ts';

const httpOptions = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
/** They send to the hosts that are written down, or that a name or a control plane gives. */
const plainTypes =
  /^$|^(STATIC|STRICT_DNS|LOGICAL_DNS|EDS)$|^envoy\.clusters?\.(static|strict_dns|logical_dns|dns|eds)$/;

/** Whom clusters of models send to besides, or in place of, what their names say. */
export function checkClusters(resources: Resources, guarded: readonly Gateway[]): Judged {
  const models = modelsAmong(resources.clusters, guarded);
  const shared = sharedAddresses(models, guarded, resources);
  return joinJudged([...models.map(checkOne), { findings: [], notChecked: shared }]);
}

/** Not wrong, and to be known: the check waits for the body, and for a stream that stays open for ever. */
export function heldStreams(clusters: readonly ConfigNode[], guarded: readonly Gateway[]): readonly string[] {
  const streaming = guarded
    .flatMap(({ routes }) => (routes === undefined ? [] : allRoutes(routes)))
    .some(({ node }) => takesGrpcOnly(node.get('match')));
  const http2 = modelsAmong(clusters, guarded).filter(
    cluster => optionsOf(cluster).get('explicit_http_config', 'http2_protocol_options').isMap,
  );
  return streaming
    ? []
    : http2.map(
        cluster =>
          `cluster ${cluster.get('name').text} (HTTP/2: a gRPC stream that stays open waits for its end, unless a route with match: { grpc: {} } sends no body)`,
      );
}

function modelsAmong(clusters: readonly ConfigNode[], guarded: readonly Gateway[]): readonly ConfigNode[] {
  const reaches = guarded.map(reach);
  const askers = askersOf(guarded);
  const named = new Set(reaches.flatMap(({ names }) => names));
  const any = reaches.some(it => it.any);
  return clusters.filter(cluster => {
    const name = cluster.get('name').text ?? '';
    return !askers.has(name) && (any || named.has(name));
  });
}

function optionsOf(cluster: ConfigNode): ConfigNode {
  return typedConfig(cluster.get('typed_extension_protocol_options', httpOptions)).config;
}

function checkOne(cluster: ConfigNode): Judged {
  const name = cluster.get('name').text ?? '';
  const options = optionsOf(cluster);
  const mirrors = options.get('request_mirror_policies').items;
  return joinJudged([
    checkUpstreamFilters(options.get('http_filters'), `of cluster ${name}`),
    checkHosts(cluster, name),
    {
      findings: mirrors.map(node => finding('upstream-not-decided', node, '# no mirror of a cluster')),
      notChecked: [...unknownMembers('cluster', cluster), ...unknownMembers('httpProtocolOptions', options)],
    },
  ]);
}

/** Which host of a cluster gets a request. */
function checkHosts(cluster: ConfigNode, name: string): Judged {
  const kind = typedConfig(cluster.get('cluster_type', 'typed_config')).type;
  const type = cluster.get('cluster_type', 'name').text ?? cluster.get('type').text ?? '';
  const header = cluster.get('original_dst_lb_config', 'use_http_header');
  const proxy = /\.dynamic_forward_proxy\./.test(kind);
  if (header.isTrue || proxy) {
    const node = header.isTrue ? header : cluster.get('cluster_type');
    return {
      findings: [finding('upstream-not-decided', node, '# type: STATIC or STRICT_DNS, with the hosts of one model')],
      notChecked: [],
    };
  }
  const policies = cluster
    .get('load_balancing_policy', 'policies')
    .items.map(policy => policy.get('typed_extension_config'));
  const steered = policies.some(policy => /override_host|subset/.test(typedConfig(policy.get('typed_config')).type));
  return {
    findings: [],
    notChecked: [
      ...(plainTypes.test(type) ? [] : [`where cluster ${name} leads: its type ${type} takes hosts from elsewhere`]),
      ...(steered || cluster.get('lb_subset_config').exists
        ? [`which hosts of cluster ${name} are taken: metadata or a header says it`]
        : []),
    ],
  };
}
