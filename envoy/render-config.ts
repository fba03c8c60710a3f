import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { parse, stringify } from 'yaml';

/** The configuration that users take, found from `dist/envoy/` too, where this file runs. */
const SHIPPED_CONFIG = new URL('../../envoy/envoy.yaml', import.meta.url);

export interface RenderConfigOptions {
  /** 0 lets Envoy take any free port; `startEnvoy` tells which. */
  gatewayPort: number;
  adminPort: number;
  /** Where Modelgate answers checks. */
  check: CheckAddress;
  /** Cluster name to the model's port on loopback; these replace the sample clusters. */
  models: Record<string, number>;
  /** Bends one more thing for one test (a shorter stream time, say); everything else stays as shipped. */
  edit?: (bootstrap: Bootstrap) => void;
}

export type CheckAddress = { host: string; port: number } | { pipe: string };

/** As much of Envoy's bootstrap as is changed here; `edit` may reach the rest through `unknown`. */
export interface Bootstrap {
  admin: { address: Address };
  static_resources: { listeners: Listener[]; clusters: Cluster[] };
  [more: string]: unknown;
}

export interface Listener {
  name: string;
  address: Address;
  filter_chains: { filters: { name: string; typed_config: ConnectionManager }[] }[];
  [more: string]: unknown;
}

export interface ConnectionManager {
  common_http_protocol_options: Record<string, unknown>;
  http_filters: { name: string; typed_config: Record<string, unknown> }[];
  route_config: { internal_only_headers?: string[]; virtual_hosts: { routes: unknown[]; [more: string]: unknown }[] };
  [more: string]: unknown;
}

export interface Cluster {
  name: string;
  type: string;
  load_assignment: { cluster_name: string; endpoints: { lb_endpoints: { endpoint: { address: Address } }[] }[] };
  [more: string]: unknown;
}

export type Address = { socket_address: { address: string; port_value: number } } | { pipe: { path: string } };

/** YAML of the shipped `envoy.yaml` with other ports, check address and model clusters, and nothing else changed. */
export async function renderConfig(options: RenderConfigOptions): Promise<string> {
  const bootstrap = parse(await readFile(SHIPPED_CONFIG, 'utf8')) as Bootstrap;
  const resources = bootstrap.static_resources;
  const [listener] = resources.listeners;
  const modelgate = resources.clusters.find(cluster => cluster.name === 'modelgate');
  const sample = resources.clusters.find(cluster => cluster.name !== 'modelgate');
  if (listener === undefined || modelgate === undefined || sample === undefined) {
    throw new Error('envoy.yaml lacks its listener, the cluster "modelgate" or a sample cluster');
  }
  bootstrap.admin.address = loopback(options.adminPort);
  listener.address = loopback(options.gatewayPort);
  resources.clusters = [
    pointed(modelgate, modelgate.name, checkAddress(options.check)),
    ...Object.entries(options.models).map(([name, port]) => pointed(sample, name, loopback(port))),
  ];
  options.edit?.(bootstrap);
  return stringify(bootstrap);
}

/** The HTTP connection manager of the one listener, for `edit`. */
export function connectionManagerOf(bootstrap: Bootstrap): ConnectionManager {
  const filter = bootstrap.static_resources.listeners[0]?.filter_chains[0]?.filters[0];
  if (filter === undefined) throw new Error('envoy.yaml lacks its HTTP connection manager');
  return filter.typed_config;
}

function pointed(template: Cluster, name: string, address: Address): Cluster {
  const endpoints = [{ lb_endpoints: [{ endpoint: { address } }] }];
  const type = 'socket_address' in address && isIP(address.socket_address.address) === 0 ? 'STRICT_DNS' : 'STATIC';
  return { ...structuredClone(template), name, type, load_assignment: { cluster_name: name, endpoints } };
}

function checkAddress(check: CheckAddress): Address {
  if ('pipe' in check) return { pipe: { path: check.pipe } };
  return { socket_address: { address: check.host, port_value: check.port } };
}

function loopback(port: number): Address {
  return { socket_address: { address: '127.0.0.1', port_value: port } };
}
