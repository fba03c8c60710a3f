import type { ConfigNode } from '../documents/config-node.ts';
import { type HttpFilter, httpFilter, modelgateFilters } from './http-filter.ts';
import { typedConfig } from './typed-config.ts';

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
}

/** undefined: the document is no Envoy config. */
export function resourcesOf(root: ConfigNode): Resources | undefined {
  if (['static_resources', 'dynamic_resources', 'admin', 'node'].some(name => root.get(name).isMap)) {
    return { listeners: root.get('static_resources', 'listeners').items, routes: [] };
  }
  const list = [...root.get('configs').items, ...root.get('resources').items];
  if (list.length > 0 && list.every(item => item.get('@type').exists)) {
    const parts = list.map(partsOf);
    return { listeners: parts.flatMap(({ listeners }) => listeners), routes: parts.flatMap(({ routes }) => routes) };
  }
  const alone = partsOf(root);
  return alone.listeners.length + alone.routes.length > 0 ? alone : undefined;
}

function partsOf(node: ConfigNode): Resources {
  const none: Resources = { listeners: [], routes: [] };
  const { type } = typedConfig(node);
  if (type.endsWith('.ListenersConfigDump')) {
    const active = node.get('dynamic_listeners').items.map(item => item.get('active_state', 'listener'));
    const fixed = node.get('static_listeners').items.map(item => item.get('listener'));
    return { ...none, listeners: [...fixed, ...active].filter(({ exists }) => exists) };
  }
  if (type.endsWith('.RoutesConfigDump')) {
    const all = [...node.get('static_route_configs').items, ...node.get('dynamic_route_configs').items];
    return { ...none, routes: all.map(item => item.get('route_config')).filter(({ exists }) => exists) };
  }
  if (node.get('filter_chains').isList || node.get('default_filter_chain').isMap) {
    return { ...none, listeners: [node] };
  }
  return node.get('virtual_hosts').isList ? { ...none, routes: [node] } : none;
}

export function gatewaysOf({ listeners, routes }: Resources): readonly Gateway[] {
  return listeners.flatMap(listener => {
    const chains = [...listener.get('filter_chains').items, listener.get('default_filter_chain')];
    return chains
      .flatMap(chain => chain.get('filters').items)
      .flatMap(filter => gatewayOf(listener, typedConfig(filter.get('typed_config')), routes));
  });
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
