import type { ConfigNode } from '../documents/config-node.ts';
import { typedConfig } from './typed-config.ts';

/** One entry of `http_filters`. */
export interface HttpFilter {
  readonly node: ConfigNode;
  readonly name: string;
  /** What it is: `ext_authz`, `lua`, `router`; from its type, else from its name. */
  readonly kind: string;
  readonly config: ConfigNode;
  /** Off unless a route switches it on. */
  readonly disabled: boolean;
  /** Where a matcher may skip it. */
  readonly skippedBy: ConfigNode | undefined;
  /** Its settings are not in the file: those here are a default at best. */
  readonly fetched: boolean;
}

export function httpFilter(node: ConfigNode): HttpFilter {
  const name = node.get('name').text ?? '';
  const discovery = node.get('config_discovery');
  const outer = discovery.exists ? discovered(discovery) : typedConfig(node.get('typed_config'));
  const matched = outer.type.endsWith('.ExtensionWithMatcher');
  const { type, config } = matched ? typedConfig(outer.config.get('extension_config', 'typed_config')) : outer;
  const skippedBy = matched ? skipIn(outer.config) : undefined;
  return {
    node,
    name,
    kind: kindOf(type) ?? kindOf(name) ?? '',
    config,
    disabled: node.get('disabled').isTrue,
    skippedBy,
    fetched: discovery.exists,
  };
}

/** A filter that Envoy fetches: its type is known, its settings only as far as a default is given. */
function discovered(discovery: ConfigNode): { type: string; config: ConfigNode } {
  const fallback = typedConfig(discovery.get('default_config'));
  const [url] = discovery.get('type_urls').items;
  return { type: (url?.text ?? fallback.type).split('/').at(-1) ?? '', config: fallback.config };
}

/** `lua` of `envoy.filters.http.lua`, or of its type. */
export function kindOf(name: string): string | undefined {
  return /filters\.http\.([a-z0-9_]+)/.exec(name)?.[1];
}

function skipIn(config: ConfigNode): ConfigNode | undefined {
  return [...config.walk()].find(({ key, text }) => key === '@type' && text?.endsWith('.SkipFilter'));
}

/** Modelgate speaks gRPC; of several gRPC authorizers, those that go by its name. */
export function modelgateFilters(filters: readonly HttpFilter[]): readonly HttpFilter[] {
  const grpc = filters.filter(({ kind, config }) => kind === 'ext_authz' && !config.get('http_service').exists);
  const named = grpc.filter(({ config, name }) => /modelgate/i.test(name + checkCluster(config)));
  return named.length > 0 ? named : grpc;
}

/** The cluster that is asked, or the target of a google_grpc service. */
export function checkCluster(authz: ConfigNode): string {
  const service = authz.get('grpc_service');
  return service.get('envoy_grpc', 'cluster_name').text ?? service.get('google_grpc', 'target_uri').text ?? '';
}
