import type { ConfigNode } from '../documents/config-node.ts';
import { type Finding, findingIf, type Limits, roomFor } from '../finding.ts';
import { checkAccessLogs } from './check-access-log.ts';
import { checkStatus } from './check-authz-filter.ts';
import { checkForgedHeaders } from './check-forged-headers.ts';
import { lentBy } from './check-lending.ts';
import type { Gateway } from './gateways.ts';
import { modelRoutes } from './routes.ts';

/** Envoy's default of `per_connection_buffer_limit_bytes`. */
const defaultBufferBytes = 1024 * 1024;

/** What the listener and its connection manager can do wrong where Modelgate is asked. */
export function checkManager(gateway: Gateway, limits: Limits): readonly Finding[] {
  const { listener, manager, authz, filters } = gateway;
  const bodies = authz.some(({ config }) => config.get('with_request_body').exists);
  return [
    ...(bodies ? checkRoom(listener, manager, limits) : []),
    ...checkDurations(gateway),
    ...checkUnderscores(manager.get('common_http_protocol_options', 'headers_with_underscores_action')),
    ...checkInternalAddresses(manager.get('internal_address_config')),
    ...checkReplies(manager.get('local_reply_config')),
    ...manager.get('early_header_mutation_extensions').items.flatMap(lentBy),
    ...checkForgedHeaders(gateway),
    ...checkAccessLogs(manager.get('access_log')),
    ...filters.flatMap(({ config }) => checkAccessLogs(config.get('upstream_log'))),
  ];
}

function checkRoom(listener: ConfigNode, manager: ConfigNode, { bodyBytesMax }: Limits): readonly Finding[] {
  const buffer = listener.get('per_connection_buffer_limit_bytes');
  const bytes = buffer.exists ? (buffer.number ?? Number.POSITIVE_INFINITY) : defaultBufferBytes;
  const write = `per_connection_buffer_limit_bytes: ${roomFor(bodyBytesMax)}`;
  return [
    ...findingIf(bytes <= bodyBytesMax, 'buffer-too-small', buffer, write),
    ...checkWindow(manager.get('http2_protocol_options', 'initial_stream_window_size'), bodyBytesMax),
  ];
}

/** Envoy's own default is large enough; its advice for edge proxies is not. */
export function checkWindow(window: ConfigNode, bodyBytesMax: number): readonly Finding[] {
  const write = `initial_stream_window_size: ${roomFor(bodyBytesMax)}`;
  return findingIf(
    (window.number ?? Number.POSITIVE_INFINITY) <= bodyBytesMax,
    'stream-window-too-small',
    window,
    write,
  );
}

function checkDurations({ manager, routes }: Gateway): readonly Finding[] {
  const actions = routes === undefined ? [] : modelRoutes(routes).map(({ action }) => action);
  const every = (test: (action: ConfigNode) => boolean) => actions.length > 0 && actions.every(test);
  const longest = manager.get('common_http_protocol_options', 'max_stream_duration');
  const idle = manager.get('stream_idle_timeout');
  const limited = every(action => action.get('max_stream_duration', 'max_stream_duration').exists);
  return [
    ...findingIf(
      (!longest.exists && !limited) || longest.seconds === 0,
      'no-max-stream-duration',
      longest,
      'max_stream_duration: 900s',
    ),
    ...findingIf(
      !idle.exists && !every(action => action.get('idle_timeout').exists),
      'stream-idle-timeout',
      idle,
      'stream_idle_timeout: 900s',
    ),
  ];
}

export function checkUnderscores(action: ConfigNode): readonly Finding[] {
  const kept = !/^(REJECT_REQUEST|DROP_HEADER|[12])$/.test(action.text ?? '');
  return findingIf(kept, 'underscores-let-through', action, 'headers_with_underscores_action: DROP_HEADER');
}

/** Refusals are local replies, and a mapper may give them another status. */
export function checkReplies(config: ConfigNode): readonly Finding[] {
  return config
    .get('mappers')
    .items.flatMap(mapper =>
      checkStatus(mapper.get('status_code'), '# no status_code below 400: refusals are mapped too'),
    );
}

export function checkInternalAddresses(config: ConfigNode): readonly Finding[] {
  const empty = config.exists && config.get('cidr_ranges').items.length === 0;
  return findingIf(
    empty,
    'internal-addresses-trusted',
    config,
    '# no internal_address_config: then nobody is internal',
  );
}
