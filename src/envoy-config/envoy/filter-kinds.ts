/** They edit path or headers, or run what somebody else wrote: behind the check that may undo what it decided on. */
export const editingKinds: ReadonlySet<string> = kinds(
  'api_key_auth aws_lambda aws_request_signing composite connect_grpc_bridge credential_injector dynamic_forward_proxy',
  'dynamic_modules ext_proc filter_chain gcp_authn golang grpc_json_transcoder header_mutation header_to_metadata lua',
  'mcp mcp_json_rest_bridge mcp_router oauth2 on_demand transform wasm',
);

/** In front of the check they see keys and may call a model themselves; what they do stands in code, not in the config. */
export const opaqueKinds: ReadonlySet<string> = kinds(
  'aws_lambda composite dynamic_modules ext_proc filter_chain golang lua mcp mcp_json_rest_bridge mcp_router wasm',
);

/** They leave path, headers, route and answer as they are, or only refuse. */
export const harmlessKinds: ReadonlySet<string> = kinds(
  'adaptive_concurrency admission_control alternate_protocols_cache bandwidth_limit bandwidth_share basic_auth',
  'body_size_limit buffer cdn_loop compressor cors csrf decompressor ext_authz fault file_system_buffer geoip',
  'grpc_field_extraction grpc_http1_bridge grpc_stats grpc_web health_check ip_tagging json_to_metadata jwt_authn',
  'kill_request local_ratelimit original_src proto_message_extraction rate_limit_quota ratelimit rbac router',
  'set_filter_state set_metadata sse_to_metadata stateful_session upstream_codec upstream_rbac',
);

/** Harmless ones that write what they know of the caller into headers whose names are set. */
export const writingKinds: ReadonlySet<string> = kinds('basic_auth geoip ip_tagging jwt_authn');

/** Harmless as they are written by a control plane, but of a patch they may change whom the check is for. */
export const selectingKinds: ReadonlySet<string> = kinds('ext_authz rbac router');

/** Istio's own, which go by their names. */
export const harmlessNames = /^istio\.(alpn|metadata_exchange|peer_metadata|stats)$/;

function kinds(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap(line => line.split(' ')));
}
