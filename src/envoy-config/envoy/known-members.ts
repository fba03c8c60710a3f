import { type ConfigNode, canonical } from '../documents/config-node.ts';

/**
 * Members of Envoy's messages (1.40) that are judged here, or lead no request anywhere and take no check away. One that is
 * not on its list is newer, misspelt, or not read here: it is named as not checked.
 */
const known = {
  listener: members(
    'access_log additional_addresses address bind_to_port bypass_overload_manager connection_balance_config',
    'continue_on_listener_filters_timeout default_filter_chain deprecated_v1 drain_type enable_mptcp',
    'enable_reuse_port filter_chain_matcher filter_chains freebind ignore_global_conn_limit internal_listener',
    'listener_filters listener_filters_timeout max_connections_to_accept_per_socket_event metadata name',
    'per_connection_buffer_high_watermark_timeout per_connection_buffer_limit_bytes reuse_port socket_options',
    'stat_prefix stats_matcher tcp_backlog_size tcp_fast_open_queue_length tcp_keepalive traffic_direction',
    'transparent use_original_dst',
  ),
  filterChain: members(
    'filter_chain_match filters metadata name transport_socket transport_socket_connect_timeout use_proxy_proto',
  ),
  connectionManager: members(
    'access_log access_log_flush_interval access_log_options add_proxy_protocol_connection_state add_user_agent',
    'always_set_request_id_in_response append_local_overload append_x_forwarded_port codec_type',
    'common_http_protocol_options delayed_close_timeout drain_timeout drain_timeout_jitter',
    'early_header_mutation_extensions flush_access_log_on_new_request forward_client_cert_details',
    'forward_client_cert_matcher forward_proto_config generate_request_id http1_safe_max_connection_duration',
    'http2_protocol_options http3_protocol_options http_filters http_protocol_options internal_address_config',
    'local_reply_config max_request_headers_kb merge_slashes normalize_path original_ip_detection_extensions',
    'path_normalization_options path_with_escaped_slashes_action preserve_external_request_id proxy_100_continue',
    'proxy_status_config rds record_route_resolution_stats represent_ipv4_remote_address_as_ipv4_mapped_ipv6',
    'request_headers_timeout request_id_extension request_timeout route_config scheme_header_transformation',
    'scoped_routes server_header_transformation server_name set_current_client_cert_details skip_xff_append',
    'stat_prefix stream_error_on_invalid_http_message stream_flush_timeout stream_idle_timeout',
    'strip_any_host_port strip_matching_host_port strip_trailing_host_dot tracing typed_header_validation_config',
    'upgrade_configs use_remote_address via xff_num_trusted_hops',
  ),
  routeConfiguration: members(
    'cluster_specifier_plugins ignore_path_parameters_in_path_matching ignore_port_in_host_matching',
    'internal_only_headers max_direct_response_body_size_bytes metadata most_specific_header_mutations_wins name',
    'request_headers_to_add request_headers_to_remove request_mirror_policies response_headers_to_add',
    'response_headers_to_remove typed_per_filter_config validate_clusters vhds vhost_header virtual_hosts',
  ),
  virtualHost: members(
    'cors domains hedge_policy include_attempt_count_in_response include_is_timeout_retry_header',
    'include_request_attempt_count matcher metadata name per_request_buffer_limit_bytes rate_limits',
    'request_body_buffer_limit request_headers_to_add request_headers_to_remove request_mirror_policies',
    'require_tls response_headers_to_add response_headers_to_remove retry_policy retry_policy_typed_config routes',
    'typed_per_filter_config virtual_clusters',
  ),
  route: members(
    'decorator direct_response match metadata name non_forwarding_action per_request_buffer_limit_bytes redirect',
    'request_body_buffer_limit request_headers_to_add request_headers_to_remove response_headers_to_add',
    'response_headers_to_remove route stat_prefix tracing typed_per_filter_config',
  ),
  routeMatch: members(
    'case_sensitive connect_matcher cookies dynamic_metadata filter_state grpc headers path path_match_policy',
    'path_separated_prefix prefix query_parameters runtime_fraction safe_regex tls_context',
  ),
  routeAction: members(
    'append_x_forwarded_host auto_host_rewrite cluster cluster_header cluster_not_found_response_code',
    'cluster_specifier_plugin cors early_data_policy flush_timeout grpc_timeout_offset hash_policy hedge_policy',
    'host_rewrite host_rewrite_header host_rewrite_literal host_rewrite_path_regex idle_timeout',
    'include_vh_rate_limits inline_cluster_specifier_plugin internal_redirect_action internal_redirect_policy',
    'max_grpc_timeout max_internal_redirects max_stream_duration metadata_match path_rewrite path_rewrite_policy',
    'prefix_rewrite priority rate_limits regex_rewrite request_mirror_policies retry_policy',
    'retry_policy_typed_config timeout upgrade_configs weighted_clusters',
  ),
  clusterWeight: members(
    'cluster_header host_rewrite_literal metadata_match name request_headers_to_add request_headers_to_remove',
    'response_headers_to_add response_headers_to_remove typed_per_filter_config weight',
  ),
  cluster: members(
    'alt_stat_name circuit_breakers cleanup_interval close_connections_on_host_health_failure cluster_type',
    'common_http_protocol_options common_lb_config connect_timeout connection_pool_per_downstream_connection',
    'dns_failure_refresh_rate dns_jitter dns_lookup_family dns_refresh_rate dns_resolution_config dns_resolvers',
    'eds_cluster_config health_checks http2_protocol_options http_protocol_options ignore_health_on_host_removal',
    'lb_policy lb_subset_config least_request_lb_config load_assignment load_balancing_policy',
    'lrs_report_endpoint_metrics lrs_server maglev_lb_config max_requests_per_connection metadata name',
    'original_dst_lb_config outlier_detection per_connection_buffer_high_watermark_timeout',
    'per_connection_buffer_limit_bytes preconnect_policy protocol_selection queuing_policies respect_dns_ttl',
    'ring_hash_lb_config round_robin_lb_config stats_matcher track_cluster_stats track_timeout_budgets',
    'transport_socket transport_socket_matcher transport_socket_matches type typed_dns_resolver_config',
    'typed_extension_protocol_options upstream_bind_config upstream_connection_options',
    'upstream_http_protocol_options use_tcp_for_dns_lookups wait_for_warm_on_init',
  ),
  httpProtocolOptions: members(
    'auto_config common_http_protocol_options explicit_http_config hash_policy header_validation_config',
    'http_filters outlier_detection request_mirror_policies retry_policy upstream_http_protocol_options',
    'use_downstream_protocol_config',
  ),
  router: members(
    'dynamic_stats reject_connect_request_early_data respect_expected_rq_timeout start_child_span',
    'strict_check_headers suppress_envoy_headers suppress_grpc_request_failure_code_stats upstream_http_filters',
    'upstream_log upstream_log_options',
  ),
  checkSettings: members(
    'context_extensions disable_request_body_buffering emit_client_span grpc_service http_service',
    'with_request_body',
  ),
} as const;

/** Of HttpProtocolOptions, Http1ProtocolOptions and Http2ProtocolOptions. */
const commonOptions = members(
  'accept_http_10 allow_chunked_length allow_connect connection_keepalive default_host_for_http_10 enable_trailers',
  'header_key_format headers_with_underscores_action hpack_table_size idle_timeout initial_connection_window_size',
  'initial_stream_window_size max_concurrent_streams max_connection_duration max_headers_count',
  'max_requests_per_connection max_response_headers_kb max_stream_duration override_stream_error_on_invalid_http_message',
);

export type Message = keyof typeof known;

/** What is said of the members of one value that are not known. */
export function unknownMembers(message: Message, node: ConfigNode): readonly string[] {
  return node.members
    .filter(({ key, exists }) => exists && key !== '@type' && !known[message].has(canonical(key)))
    .map(({ key }) => `${key} of ${node.place.path || 'the document'}: it is not read here`);
}

const every: ReadonlySet<string> = new Set(Object.values(known).flatMap(names => [...names]));

/** Whether some message has a member of this name, in camelCase. */
export function isKnownMember(name: string): boolean {
  return every.has(name) || commonOptions.has(name);
}

function members(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap(line => line.split(' ').map(canonical)));
}
