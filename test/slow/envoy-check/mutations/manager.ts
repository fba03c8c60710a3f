import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { above, extension, type Json, mutations, pinned, put, routerFilter } from '../config-at.ts';

const statusFilter = {
  filter: { status_code_filter: { comparison: { op: 'GE', value: { default_value: 400, runtime_key: 'x' } } } },
};
const stdout = (config: Json) =>
  extension('envoy.access_loggers.stdout', 'access_loggers.stream.v3.StdoutAccessLog', config);
const text = (format: string) => ({ log_format: { text_format_source: { inline_string: `${format}\n` } } });

/** What the connection manager and the logs say. */
export const managerMutations = mutations({
  'no early header mutation': at => void delete at.manager.early_header_mutation_extensions,
  'no internal-only headers': at => void delete at.routeConfig.internal_only_headers,
  'neither takes forged headers away': at => {
    delete at.manager.early_header_mutation_extensions;
    delete at.routeConfig.internal_only_headers;
  },
  'no filter and a forged header': at => {
    delete at.manager.early_header_mutation_extensions;
    delete at.routeConfig.internal_only_headers;
    at.manager.http_filters.shift();
  },
  'underscores pass': at => put(at.manager.common_http_protocol_options, 'headers_with_underscores_action', 'ALLOW'),
  'nothing is said of underscores': at =>
    void delete at.manager.common_http_protocol_options.headers_with_underscores_action,
  'underscores are rejected': at =>
    put(at.manager.common_http_protocol_options, 'headers_with_underscores_action', 'REJECT_REQUEST'),
  'internal addresses are trusted': at => put(at.manager, 'internal_address_config', {}),
  'loopback is internal': at =>
    put(at.manager, 'internal_address_config', { cidr_ranges: [{ address_prefix: '127.0.0.0', prefix_len: 8 }] }),
  'loopback is internal, and only that takes headers away': at => {
    at.manager.internal_address_config = { cidr_ranges: [{ address_prefix: '127.0.0.0', prefix_len: 8 }] };
    delete at.manager.early_header_mutation_extensions;
  },
  'the client says who it is': at =>
    void Object.assign(at.manager, { use_remote_address: false, xff_num_trusted_hops: 1 }),
  'paths are normalized': at =>
    void Object.assign(at.manager, {
      normalize_path: true,
      merge_slashes: true,
      path_with_escaped_slashes_action: 'UNESCAPE_AND_FORWARD',
    }),
  'ports of hosts are stripped': at =>
    void Object.assign(at.manager, { strip_any_host_port: true, strip_trailing_host_dot: true }),
  'refusals become 200': at =>
    put(at.manager, 'local_reply_config', { mappers: [{ ...statusFilter, status_code: 200 }] }),
  'refusals become 204': at =>
    put(at.manager, 'local_reply_config', { mappers: [{ ...statusFilter, status_code: 204 }] }),
  'refusals get another body': at =>
    put(at.manager, 'local_reply_config', { mappers: [{ ...statusFilter, body: { inline_string: 'refused' } }] }),
  'refusals become 404': at =>
    put(at.manager, 'local_reply_config', { mappers: [{ ...statusFilter, status_code: 404 }] }),
  WebSocket: at => put(at.manager, 'upgrade_configs', [{ upgrade_type: 'websocket' }]),
  'WebSocket past the check, pinned': at => {
    at.manager.upgrade_configs = [{ upgrade_type: 'websocket', filters: [routerFilter()] }];
    above(at, { prefix: '/open' }, pinned('fraud'));
  },
  'WebSocket past the check': at =>
    put(at.manager, 'upgrade_configs', [{ upgrade_type: 'websocket', filters: [routerFilter()] }]),
  'WebSocket with a check that is off': at => {
    const [check] = structuredClone(at.manager.http_filters);
    at.manager.upgrade_configs = [
      { upgrade_type: 'websocket', filters: [{ ...check, disabled: true }, routerFilter()] },
    ];
    above(at, { prefix: '/open' }, pinned('fraud'));
  },
  'WebSocket with a check that fails open': at => {
    const [check] = structuredClone(at.manager.http_filters);
    Object.assign(check.typed_config, { failure_mode_allow: true });
    at.manager.upgrade_configs = [{ upgrade_type: 'websocket', filters: [check, routerFilter()] }];
    above(at, { prefix: '/open' }, pinned('fraud'));
  },
  'WebSocket with a filter behind its check': at => {
    const [check] = structuredClone(at.manager.http_filters);
    const code = 'function envoy_on_request(h) h:headers():replace("x-modelgate-principal","ada") end';
    const lua = {
      name: 'lua',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua',
        default_source_code: { inline_string: code },
      },
    };
    at.manager.upgrade_configs = [{ upgrade_type: 'websocket', filters: [check, lua, routerFilter()] }];
  },
  'WebSocket on a route': at => put(at.last.route, 'upgrade_configs', [{ upgrade_type: 'websocket' }]),
  CONNECT: at => {
    at.manager.upgrade_configs = [{ upgrade_type: 'CONNECT' }];
    at.routes.unshift({
      match: { connect_matcher: {} },
      route: { cluster: 'fraud', timeout: '0s', upgrade_configs: [{ upgrade_type: 'CONNECT', connect_config: {} }] },
    });
  },
  'CONNECT past the check': at => {
    at.manager.upgrade_configs = [{ upgrade_type: 'CONNECT', filters: [routerFilter()] }];
    at.routes.unshift({
      match: { connect_matcher: {} },
      route: { cluster: 'fraud', timeout: '0s', upgrade_configs: [{ upgrade_type: 'CONNECT', connect_config: {} }] },
      ...pinned('fraud'),
    });
  },
  'CONNECT to what the decision says': at => {
    at.manager.upgrade_configs = [{ upgrade_type: 'CONNECT' }];
    at.routes.unshift({
      match: { connect_matcher: {} },
      route: {
        cluster_header: 'x-modelgate-target',
        timeout: '0s',
        upgrade_configs: [{ upgrade_type: 'CONNECT', connect_config: {} }],
      },
    });
  },
  'HTTP/1.0': at =>
    put(at.manager, 'http_protocol_options', { accept_http_10: true, default_host_for_http_10: 'fraud' }),
  'chunked with a length': at => put(at.manager, 'http_protocol_options', { allow_chunked_length: true }),
  'scoped routes': at => {
    above(at, { prefix: '/open' });
    const { route_config } = at.manager;
    delete at.manager.route_config;
    const key = { fragments: [{ string_key: 'all' }] };
    const value = {
      header_value_extractor: { name: 'x-want', element_separator: ',', element: { key: 'all', separator: '=' } },
    };
    at.manager.scoped_routes = {
      name: 's',
      scope_key_builder: { fragments: [value] },
      scoped_route_configurations_list: {
        scoped_route_configurations: [{ name: 'a', route_configuration: route_config, key }],
      },
    };
  },
  'routes from a file': at => {
    const path = `${at.folder}/routes.yaml`;
    const type = 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration';
    above(at, { prefix: '/open' });
    writeFileSync(path, stringify({ resources: [{ '@type': type, ...at.routeConfig }] }));
    delete at.manager.route_config;
    at.bootstrap.node = { id: 'envoy', cluster: 'envoys' };
    at.manager.rds = {
      route_config_name: 'models',
      config_source: { path_config_source: { path }, resource_api_version: 'V3' },
    };
  },
  'endless streams': at => void delete at.manager.common_http_protocol_options.max_stream_duration,
  'no limit of time': at => put(at.manager.common_http_protocol_options, 'max_stream_duration', '0s'),
  'the log writes the path': at => put(at.manager, 'access_log', [stdout(text('%REQ(:PATH)% %PATH%'))]),
  'the log writes a key': at => put(at.manager, 'access_log', [stdout(text('%REQ(authorization)%'))]),
  'the log writes an old path': at =>
    put(at.manager, 'access_log', [stdout(text('%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%'))]),
  'the log has its default format': at => put(at.manager, 'access_log', [stdout({})]),
  'the router logs the path': at => put(at.router, 'upstream_log', [stdout(text('%REQ(:PATH)%'))]),
  'the log says what refusals are for': at =>
    put(at.manager, 'access_log', [stdout(text('%RESPONSE_CODE% %CEL(request.headers["authorization"])%'))]),
});
