import type { ConfigNode } from '../documents/config-node.ts';
import { routing, taking } from '../envoy/check-forged-headers.ts';
import { type Finding, findingIf, type Limits, roomFor } from '../finding.ts';

/** What no object of Istio's can do wrong alone, and the lack of which shows only in all of them together. */
export function checkTogether(
  guard: ConfigNode,
  set: ReadonlySet<string>,
  meshes: readonly ConfigNode[],
  routed: boolean,
  removed: readonly string[],
  { bodyBytesMax }: Limits,
): readonly Finding[] {
  const connection = meshes.map(mesh => mesh.get('defaultConfig', 'connectionSettings'));
  const says = (patched: string, setting: string) =>
    set.has(patched) || connection.some(settings => settings.get(setting).exists);
  return [
    ...findingIf(
      routed && !set.has('clearRouteCache'),
      'missing-clear-route-cache',
      guard,
      '# an EnvoyFilter that merges clear_route_cache: true into envoy.filters.http.ext_authz (istiod passes clearRouteCache on for no gRPC provider)',
    ),
    ...findingIf(
      routed && routing.some(name => !removed.includes(name)),
      'forged-header-kept',
      guard,
      `# an EnvoyFilter that merges into the connection manager: ${taking}`,
    ),
    ...findingIf(
      !says('headersWithUnderscoresAction', 'httpHeadersWithUnderscoresAction'),
      'underscores-let-through',
      guard,
      '# an EnvoyFilter with common_http_protocol_options: { headers_with_underscores_action: DROP_HEADER }',
    ),
    ...findingIf(
      !says('maxStreamDuration', 'httpMaxStreamDuration'),
      'no-max-stream-duration',
      guard,
      '# an EnvoyFilter with common_http_protocol_options: { max_stream_duration: 900s }',
    ),
    ...findingIf(
      !says('perConnectionBufferLimitBytes', 'listenerPerConnectionBufferLimitBytes'),
      'buffer-too-small',
      guard,
      `# an EnvoyFilter for LISTENER with per_connection_buffer_limit_bytes: ${roomFor(bodyBytesMax)}`,
    ),
    ...connection.flatMap(settings => checkConnection(settings, bodyBytesMax)),
  ];
}

/** Istio 1.31 has some of Envoy's settings in its own API. */
function checkConnection(settings: ConfigNode, bodyBytesMax: number): readonly Finding[] {
  const buffer = settings.get('listenerPerConnectionBufferLimitBytes');
  const window = settings.get('http2InitialStreamWindowSize');
  const underscores = settings.get('httpHeadersWithUnderscoresAction');
  const edge = settings.get('profile').text === 'EDGE';
  const small = (node: ConfigNode) => (node.number ?? (edge ? 0 : Number.POSITIVE_INFINITY)) <= bodyBytesMax;
  const room = roomFor(bodyBytesMax);
  return [
    ...findingIf(small(buffer), 'buffer-too-small', buffer, `listenerPerConnectionBufferLimitBytes: ${room}`),
    ...findingIf(small(window), 'stream-window-too-small', window, `http2InitialStreamWindowSize: ${room}`),
    ...findingIf(
      (underscores.text ?? '').endsWith('_ALLOW'),
      'underscores-let-through',
      underscores,
      'httpHeadersWithUnderscoresAction: HEADERS_WITH_UNDERSCORES_DROP_HEADER',
    ),
  ];
}
