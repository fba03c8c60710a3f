import { type ConfigNode, canonical } from '../documents/config-node.ts';
import { type Finding, finding, findingIf, type Limits } from '../finding.ts';

/** Everything that one ext_authz filter's own settings can do wrong. */
export function checkAuthzFilter(config: ConfigNode, limits: Limits): readonly Finding[] {
  const timeout = config.get('grpc_service', 'timeout');
  const status = config.get('status_on_error');
  const shadow = config.get('shadow_mode');
  const rules = config.get('decoder_header_mutation_rules');
  return [
    ...checkFailureMode(config.get('failure_mode_allow')),
    ...checkConditions(config),
    ...findingIf(shadow.isTrue, 'check-disabled', shadow, 'shadow_mode: false'),
    ...checkBody(config.get('with_request_body'), limits),
    ...findingIf(!timeout.exists || timeout.seconds === 0, 'check-timeout', timeout, 'timeout: 0.5s'),
    ...findingIf(!status.exists, 'status-on-error', status, 'status_on_error: { code: ServiceUnavailable }'),
    ...checkStatus(status.get('code'), 'code: ServiceUnavailable'),
    ...['allowed_headers', 'disallowed_headers'].flatMap(name =>
      findingIf(
        config.get(name).exists,
        'headers-withheld',
        config.get(name),
        `# no ${name}: Modelgate needs them all`,
      ),
    ),
    ...findingIf(rules.exists, 'decision-not-applied', rules, '# no decoder_header_mutation_rules'),
    ...checkNames(config),
  ];
}

/** Members of ext_authz that Envoy 1.40 has; what is judged of them is judged above. */
const known = new Set(
  [
    'allowed_headers bootstrap_metadata_labels_key charge_cluster_response_stats clear_route_cache',
    'clear_route_cache_headers decoder_header_mutation_rules deny_at_disable disallowed_headers emit_client_span',
    'emit_filter_state_stats enable_dynamic_metadata_ingestion encode_raw_headers enforce_response_header_limits failure_mode_allow',
    'failure_mode_allow_header_add filter_enabled filter_enabled_metadata filter_metadata grpc_service http_service',
    'include_peer_certificate include_tls_session max_denied_response_body_bytes metadata_context_namespaces',
    'route_metadata_context_namespaces route_typed_metadata_context_namespaces shadow_mode stat_prefix status_on_error',
    'transport_api_version typed_metadata_context_namespaces validate_mutations with_request_body',
  ].flatMap(line => line.split(' ').map(canonical)),
);

/** Whether the filter has a member of this name, in camelCase. */
export function isAuthzMember(name: string): boolean {
  return known.has(name);
}

function checkNames(config: ConfigNode): readonly Finding[] {
  const version = config.get('transport_api_version');
  return [
    ...config.members
      .filter(({ key }) => key !== '@type' && !known.has(canonical(key)))
      .map(node => finding('setting-unknown', node, `# no ${node.key}, or its right name`)),
    ...findingIf(
      version.exists && !/^(V3|2)$/.test(version.text ?? ''),
      'setting-unknown',
      version,
      'transport_api_version: V3',
    ),
  ];
}

const success = new Set(
  'OK Created Accepted NonAuthoritativeInformation NoContent ResetContent PartialContent MultiStatus AlreadyReported IMUsed'.split(
    ' ',
  ),
);

/** A status below 400, by its number or by Envoy's name for it, of Envoy, Istio or Envoy Gateway. */
export function checkStatus(code: ConfigNode, write: string): readonly Finding[] {
  const low = code.number !== undefined && code.number < 400;
  return findingIf(low || success.has(code.text ?? ''), 'failure-looks-like-success', code, write);
}

export function checkFailureMode(node: ConfigNode): readonly Finding[] {
  return findingIf(node.isTrue, 'failure-mode-allow', node, 'failure_mode_allow: false');
}

/** Without the condition met Envoy passes the request on, unless `deny_at_disable` says otherwise. */
function checkConditions(config: ConfigNode): readonly Finding[] {
  if (config.get('deny_at_disable', 'default_value').isTrue) {
    return [];
  }
  const fraction = config.get('filter_enabled');
  const write = 'deny_at_disable: { default_value: true, runtime_key: modelgate.deny_at_disable }';
  return findingIf(fraction.exists && !isAlways(fraction), 'check-conditional', fraction, write);
}

const wholeOf: Readonly<Record<string, number>> = { HUNDRED: 100, TEN_THOUSAND: 10_000, MILLION: 1_000_000 };

/** All requests, and no runtime key by which that could be changed. */
function isAlways(fraction: ConfigNode): boolean {
  const share = fraction.get('default_value');
  const whole = wholeOf[share.get('denominator').text ?? 'HUNDRED'] ?? Number.POSITIVE_INFINITY;
  return !fraction.get('runtime_key').exists && (share.get('numerator').number ?? 0) >= whole;
}

/** Envoy's `with_request_body` and Istio's `includeRequestBodyInCheck` are the same message. */
export function checkBody(body: ConfigNode, { bodyBytesMax }: Limits): readonly Finding[] {
  const bytes = body.get('max_request_bytes');
  const partial = body.get('allow_partial_message');
  const raw = body.get('pack_as_bytes');
  const spelled = (node: ConfigNode, value: unknown) => `${spelling(body, node.key)}: ${value}`;
  if (!body.exists) {
    const members = [`max_request_bytes: ${bodyBytesMax}`, 'allow_partial_message: true', 'pack_as_bytes: true'];
    const written = members.map(member => spelling(body, member)).join(', ');
    return findingIf(true, 'body-not-sent', body, `${body.key}: { ${written} }`);
  }
  return [
    ...findingIf(bytes.number !== bodyBytesMax, 'body-limit-differs', bytes, spelled(bytes, bodyBytesMax)),
    ...findingIf(!partial.isTrue, 'body-partial-refused', partial, spelled(partial, true)),
    ...findingIf(!raw.isTrue, 'body-not-bytes', raw, spelled(raw, true)),
  ];
}

/** In the case of the member that holds it: Istio's API is written in camelCase. */
function spelling(body: ConfigNode, text: string): string {
  return body.key.includes('_') ? text : text.replace(/_([a-z])/g, (_found, letter: string) => letter.toUpperCase());
}
