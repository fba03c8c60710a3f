import type { ConfigNode } from '../documents/config-node.ts';
import { checkStatus } from '../envoy/check-authz-filter.ts';
import { type Finding, finding, findingIf, type Limits } from '../finding.ts';
import type { KubeObject } from '../kube-object.ts';

/** What EnvoyPatchPolicies of the file say about the body, which a SecurityPolicy can't. */
export interface Patched {
  readonly allowPartialMessage: boolean;
  readonly packAsBytes: boolean;
}

/** `extAuth` of a SecurityPolicy that asks by gRPC; `streaming`: all that it is on are calls by gRPC. */
export function checkSecurityPolicy(
  { spec }: KubeObject,
  patched: Patched,
  limits: Limits,
  streaming: boolean,
): readonly Finding[] {
  const auth = spec.get('extAuth');
  const open = auth.get('failOpen');
  const body = auth.get('bodyToExtAuth');
  const status = auth.get('statusOnError');
  const headers = auth.get('headersToExtAuth');
  const clearing = spec.get('jwt', 'providers').items.map(provider => provider.get('recomputeRoute'));
  return [
    ...findingIf(open.isTrue, 'failure-mode-allow', open, 'failOpen: false'),
    ...(streaming && !body.exists ? [] : checkBody(body, patched, limits)),
    ...findingIf(!status.exists, 'status-on-error', status, 'statusOnError: 503'),
    ...checkStatus(status, 'statusOnError: 503'),
    ...findingIf(
      headers.items.length > 0,
      'headers-withheld',
      headers,
      '# no headersToExtAuth: gRPC then gets them all',
    ),
    ...clearing.flatMap(node => findingIf(node.isTrue, 'filter-behind-check', node, 'recomputeRoute: false')),
  ];
}

function checkBody(body: ConfigNode, patched: Patched, { bodyBytesMax }: Limits): readonly Finding[] {
  const bytes = body.get('maxRequestBytes');
  if (!body.exists) {
    return [finding('body-not-sent', body, `bodyToExtAuth: { maxRequestBytes: ${bodyBytesMax} }`)];
  }
  const patch = (name: string) =>
    `# an EnvoyPatchPolicy: { op: add, jsonPath: "..http_filters[?match(@.name, 'envoy.filters.http.ext_authz.*')].typed_config.with_request_body", path: ${name}, value: true }`;
  return [
    ...findingIf(bytes.number !== bodyBytesMax, 'body-limit-differs', bytes, `maxRequestBytes: ${bodyBytesMax}`),
    ...findingIf(!patched.allowPartialMessage, 'body-partial-refused', body, patch('allow_partial_message')),
    ...findingIf(!patched.packAsBytes, 'body-not-bytes', body, patch('pack_as_bytes')),
  ];
}
