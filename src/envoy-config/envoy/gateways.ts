import type { ConfigNode } from '../documents/config-node.ts';
import { type HttpFilter, httpFilter, modelgateFilters } from './http-filter.ts';
import { typedConfig } from './typed-config.ts';
import { unreadOfListener } from './unread-members.ts';

/** A filter chain that takes HTTP, or passes TCP on to clusters. */
export interface Gateway {
  readonly name: string;
  readonly listener: ConfigNode;
  /** Config of the HTTP connection manager, or of the TCP proxy. */
  readonly manager: ConfigNode;
  readonly http: boolean;
  readonly filters: readonly HttpFilter[];
  /** Those that ask Modelgate. */
  readonly authz: readonly HttpFilter[];
  /** undefined: they come from elsewhere and are not in the file. */
  readonly routes: ConfigNode | undefined;
}

/** Listeners and route configurations of a document: bootstrap, /config_dump, discovery file, or one of them alone. */
export interface Resources {
  readonly listeners: readonly ConfigNode[];
  readonly routes: readonly ConfigNode[];
  readonly clusters: readonly ConfigNode[];
  /** Hosts of clusters that a control plane gives them by. */
  readonly assignments: readonly ConfigNode[];
  /** Addresses of Envoy's own admin port, as `HOST:PORT`. */
  readonly admins: readonly string[];
  /** Where a bootstrap gets more of them from. */
  readonly elsewhere: readonly string[];
}

/** undefined: the document is no Envoy config. */
export function resourcesOf(root: ConfigNode): Resources | undefined {
  if (['static_resources', 'dynamic_resources', 'admin', 'node'].some(name => root.get(name).isMap)) {
    const fixed = root.get('static_resources');
    return {
      listeners: fixed.get('listeners').items,
      routes: [],
      clusters: fixed.get('clusters').items,
      assignments: [],
      admins: adminsOf(root),
      elsewhere: fetchedBy(root.get('dynamic_resources')),
    };
  }
  const list = [...root.get('configs').items, ...root.get('resources').items];
  if (list.length > 0 && list.every(item => item.get('@type').exists)) {
    const parts = list.map(partsOf);
    return mergedResources(parts);
  }
  const alone = partsOf(root);
  return alone.listeners.length + alone.routes.length + alone.clusters.length > 0 ? alone : undefined;
}

export function mergedResources(parts: readonly Resources[]): Resources {
  return {
    listeners: parts.flatMap(({ listeners }) => listeners),
    routes: parts.flatMap(({ routes }) => routes),
    clusters: parts.flatMap(({ clusters }) => clusters),
    assignments: parts.flatMap(({ assignments }) => assignments),
    admins: parts.flatMap(({ admins }) => admins),
    elsewhere: parts.flatMap(({ elsewhere }) => elsewhere),
  };
}

function fetchedBy(dynamic: ConfigNode): readonly string[] {
  return [
    ...(dynamic.get('lds_config').exists ? ['listeners by lds_config'] : []),
    ...(dynamic.get('cds_config').exists ? ['clusters by cds_config'] : []),
  ].map(what => `${what}: they are not in this file; a /config_dump has them`);
}

function partsOf(node: ConfigNode): Resources {
  const none: Resources = { listeners: [], routes: [], clusters: [], assignments: [], admins: [], elsewhere: [] };
  const { type } = typedConfig(node);
  if (type.endsWith('.BootstrapConfigDump')) {
    return { ...none, admins: adminsOf(node.get('bootstrap')) };
  }
  if (type.endsWith('.ListenersConfigDump')) {
    const active = node.get('dynamic_listeners').items.map(item => item.get('active_state', 'listener'));
    const fixed = node.get('static_listeners').items.map(item => item.get('listener'));
    return { ...none, listeners: [...fixed, ...active].filter(({ exists }) => exists) };
  }
  if (type.endsWith('.RoutesConfigDump')) {
    const all = [...node.get('static_route_configs').items, ...node.get('dynamic_route_configs').items];
    return { ...none, routes: all.map(item => item.get('route_config')).filter(({ exists }) => exists) };
  }
  if (type.endsWith('.ClustersConfigDump')) {
    const all = [...node.get('static_clusters').items, ...node.get('dynamic_active_clusters').items];
    return { ...none, clusters: all.map(item => item.get('cluster')).filter(({ exists }) => exists) };
  }
  if (type.endsWith('.EndpointsConfigDump')) {
    const all = [...node.get('static_endpoint_configs').items, ...node.get('dynamic_endpoint_configs').items];
    return { ...none, assignments: all.map(item => item.get('endpoint_config')).filter(({ exists }) => exists) };
  }
  if (type.endsWith('.ClusterLoadAssignment')) {
    return { ...none, assignments: [node] };
  }
  if (type.endsWith('.Cluster')) {
    return { ...none, clusters: [node] };
  }
  if (node.get('filter_chains').isList || node.get('default_filter_chain').isMap) {
    return { ...none, listeners: [node] };
  }
  return node.get('virtual_hosts').isList ? { ...none, routes: [node] } : none;
}

function adminsOf(bootstrap: ConfigNode): readonly string[] {
  const socket = bootstrap.get('admin', 'address', 'socket_address');
  return socket.exists ? [`${socket.get('address').text}:${socket.get('port_value').text}`] : [];
}

export function gatewaysOf({ listeners, routes }: Resources): readonly Gateway[] {
  return listeners.flatMap(listener => {
    const chains = [...listener.get('filter_chains').items, listener.get('default_filter_chain')];
    return chains
      .flatMap(chain => chain.get('filters').items)
      .flatMap(filter => gatewayOf(listener, typedConfig(filter.get('typed_config')), routes));
  });
}

/** They take nothing anywhere: the filters after them do. */
const passing =
  /\.filters\.network\.(connection_limit|ext_authz|geoip|local_ratelimit|ratelimit|rbac|set_filter_state|tcp_bandwidth_limit)\./;
const refusing = /\.filters\.network\.direct_response\./;
/** Istio's, which tell of the peer and of what was sent. */
const istios =
  /^(io\.istio\.tcp\.peer_metadata\.Config|stats\.PluginConfig|envoy\.tcp\.metadataexchange\.config\.MetadataExchange)$/;
const listenerFilters =
  /\.filters\.listener\.(http_inspector|local_ratelimit|original_dst|original_src|proxy_protocol|tls_inspector)\./;

/** Ways in that are not read here: other protocols, chains that are fetched. */
export function unreadListeners({ listeners, elsewhere }: Resources): readonly string[] {
  return [...elsewhere, ...listeners.flatMap(unreadOfListener), ...listeners.flatMap(unreadOf)];
}

function unreadOf(listener: ConfigNode): readonly string[] {
  const chains = [...listener.get('filter_chains').items, listener.get('default_filter_chain')];
  const network = chains.flatMap(chain => chain.get('filters').items);
  const named = (filters: readonly ConfigNode[], known: (type: string) => boolean) =>
    filters
      .filter(filter => !known(typedConfig(filter.get('typed_config')).type))
      .map(filter => `filter ${filter.get('name').text}`);
  return [
    ...named(network, isReadNetworkFilter),
    ...named(listener.get('listener_filters').items, type => listenerFilters.test(type)),
  ].map(what => `${what} of listener ${listener.get('name').text ?? 'without a name'}: it is not read here`);
}

function isReadNetworkFilter(type: string): boolean {
  return (
    /\.(TcpProxy|HttpConnectionManager)$/.test(type) || [passing, refusing, istios].some(known => known.test(type))
  );
}

function gatewayOf(
  listener: ConfigNode,
  { type, config }: { type: string; config: ConfigNode },
  known: readonly ConfigNode[],
): readonly Gateway[] {
  const name = listener.get('name').text ?? 'without a name';
  const common = { name, listener, manager: config };
  if (type.endsWith('.TcpProxy')) {
    return [{ ...common, http: false, filters: [], authz: [], routes: undefined }];
  }
  if (!type.endsWith('.HttpConnectionManager')) {
    return [];
  }
  const filters = config.get('http_filters').items.map(httpFilter);
  return [{ ...common, http: true, filters, authz: modelgateFilters(filters), routes: routesOf(config, known) }];
}

function routesOf(manager: ConfigNode, known: readonly ConfigNode[]): ConfigNode | undefined {
  const inline = manager.get('route_config');
  const wanted = manager.get('rds', 'route_config_name').text;
  return inline.exists ? inline : known.find(route => route.get('name').text === wanted);
}
