import type { Bootstrap } from '../../../envoy/render-config.ts';

// biome-ignore lint/suspicious/noExplicitAny: Envoy's own messages; a mutation knows the place that it changes
export type Json = any;

/** Ports beside Envoy that a mutation may lead to. */
export interface Ports {
  readonly fraud: number;
  readonly churn: number;
  /** An authorizer that allows everything, over gRPC and over HTTP/1. */
  readonly grpcYes: number;
  readonly httpYes: number;
}

/** The shipped config with its places named, to be changed in place. */
export interface ConfigAt {
  readonly bootstrap: Json;
  readonly listener: Json;
  readonly manager: Json;
  readonly authz: Json;
  readonly router: Json;
  readonly routeConfig: Json;
  readonly host: Json;
  /** The last route, which is the shipped one; `routes` is the list that it is in. */
  readonly last: Json;
  readonly routes: Json[];
  readonly clusters: Json[];
  readonly ports: Ports;
  /** A folder for files that the config names. */
  readonly folder: string;
  cluster(name: string): Json;
}

/** One change of the shipped config. */
export interface Mutation {
  readonly name: string;
  bend(at: ConfigAt): void;
}

/** A table's entries by their names. */
export function mutations(table: Readonly<Record<string, (at: ConfigAt) => void>>): readonly Mutation[] {
  return Object.entries(table).map(([name, bend]) => ({ name, bend }));
}

export function configAt(whole: Bootstrap, ports: Ports, folder: string): ConfigAt {
  const bootstrap: Json = whole;
  const { listeners, clusters } = bootstrap.static_resources;
  const manager = listeners[0].filter_chains[0].filters[0].typed_config;
  const [host] = manager.route_config.virtual_hosts;
  return {
    bootstrap,
    listener: listeners[0],
    manager,
    authz: manager.http_filters[0].typed_config,
    router: manager.http_filters.at(-1).typed_config,
    routeConfig: manager.route_config,
    host,
    last: host.routes.at(-1),
    routes: host.routes,
    clusters,
    ports,
    folder,
    cluster: name => clusters.find((cluster: Json) => cluster.name === name),
  };
}

const types = 'type.googleapis.com/envoy.extensions';

export function httpFilter(name: string, type: string, config: Json = {}): Json {
  const typed_config = { '@type': `${types}.filters.http.${name}.v3.${type}`, ...config };
  return { name: `envoy.filters.http.${name}`, typed_config };
}

/** Any other extension: `type` begins behind `envoy.extensions`. */
export function extension(name: string, type: string, config: Json = {}): Json {
  return { name, typed_config: { '@type': `${types}.${type}`, ...config } };
}

export const routerFilter = () => httpFilter('router', 'Router');

/** A whole cluster of one address. */
export function clusterOf(name: string, port: number, more: Json = {}): Json {
  return {
    name,
    type: 'STATIC',
    connect_timeout: '1s',
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address: loopback(port) } }] }] },
    ...more,
  };
}

export const loopback = (port: number): Json => ({ socket_address: { address: '127.0.0.1', port_value: port } });

export const http2: Json = {
  typed_extension_protocol_options: {
    'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
      '@type': `${types}.upstreams.http.v3.HttpProtocolOptions`,
      explicit_http_config: { http2_protocol_options: {} },
    },
  },
};

/** Of a route or what stands around it, for the check. */
export function perRoute(config: Json): Json {
  const name = 'envoy.filters.http.ext_authz';
  return {
    typed_per_filter_config: { [name]: { '@type': `${types}.filters.http.ext_authz.v3.ExtAuthzPerRoute`, ...config } },
  };
}

export const pinned = (model: string) =>
  perRoute({ check_settings: { context_extensions: { modelgate_model: model } } });

/** A route above the shipped one, to the cluster of fraud unless another action is given. */
export function above(at: ConfigAt, match: Json, more: Json = {}): void {
  at.routes.unshift({ match, route: { cluster: 'fraud', timeout: '0s' }, ...more });
}

/** As a user adds a model to the shipped config: by a route of its own, whose pin binds the decision to it. */
export function pin(bootstrap: Bootstrap): void {
  const [host] = (bootstrap as Json).static_resources.listeners[0].filter_chains[0].filters[0].typed_config.route_config
    .virtual_hosts;
  host.routes.unshift({ match: { prefix: '/pinned' }, route: { cluster: 'fraud', timeout: '0s' }, ...pinned('fraud') });
}

/** Places a filter in front of the check, or behind it. */
export const before = ({ manager }: ConfigAt, filter: Json): void => manager.http_filters.unshift(filter);
export const behind = ({ manager }: ConfigAt, filter: Json): void => manager.http_filters.splice(-1, 0, filter);

/** A second listener, of these filters alone. */
export function listen(at: ConfigAt, name: string, filters: Json[], more: Json = {}): void {
  at.bootstrap.static_resources.listeners.push({ name, address: loopback(0), filter_chains: [{ filters }], ...more });
}

/** Gives a member another value. */
export function put(holder: Json, name: string, value: Json): void {
  holder[name] = value;
}
