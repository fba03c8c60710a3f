import type { ConfigNode } from '../documents/config-node.ts';
import { type Finding, findingIf, type Limits } from '../finding.ts';

/** Everything that one ext_authz filter's own settings can do wrong. */
export function checkAuthzFilter(config: ConfigNode, limits: Limits): readonly Finding[] {
  const timeout = config.get('grpc_service', 'timeout');
  const status = config.get('status_on_error');
  const allowed = config.get('allowed_headers');
  return [
    ...checkFailureMode(config.get('failure_mode_allow')),
    ...checkConditions(config),
    ...checkBody(config.get('with_request_body'), limits),
    ...findingIf(!timeout.exists || timeout.seconds === 0, 'check-timeout', timeout, 'timeout: 0.5s'),
    ...findingIf(!status.exists, 'status-on-error', status, 'status_on_error: { code: ServiceUnavailable }'),
    ...findingIf(allowed.exists, 'headers-withheld', allowed, '# no allowed_headers: Modelgate needs them all'),
  ];
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
  const metadata = config.get('filter_enabled_metadata');
  const write = 'deny_at_disable: { default_value: true, runtime_key: modelgate.deny_at_disable }';
  return [
    ...findingIf(fraction.exists && !isAlways(fraction), 'check-conditional', fraction, write),
    ...findingIf(metadata.exists && !isIstios(metadata), 'check-conditional', metadata, write),
  ];
}

const wholeOf: Readonly<Record<string, number>> = { HUNDRED: 100, TEN_THOUSAND: 10_000, MILLION: 1_000_000 };

/** All requests, and no runtime key by which that could be changed. */
function isAlways(fraction: ConfigNode): boolean {
  const share = fraction.get('default_value');
  const whole = wholeOf[share.get('denominator').text ?? 'HUNDRED'] ?? Number.POSITIVE_INFINITY;
  return !fraction.get('runtime_key').exists && (share.get('numerator').number ?? 0) >= whole;
}

/** istiod marks by it what an AuthorizationPolicy selects; whether that is everything is seen in the policy. */
function isIstios(metadata: ConfigNode): boolean {
  return metadata.get('filter').text === 'envoy.filters.http.rbac';
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
