import { checkFormat } from '../access-log-format.ts';
import type { ConfigNode } from '../documents/config-node.ts';
import { checkBody, checkStatus } from '../envoy/check-authz-filter.ts';
import { type Finding, finding, findingIf, type Limits } from '../finding.ts';

/** One `envoyExtAuthzGrpc` of MeshConfig's `extensionProviders`. */
export function checkProvider(provider: ConfigNode, limits: Limits): readonly Finding[] {
  const grpc = provider.get('envoyExtAuthzGrpc');
  const open = grpc.get('failOpen');
  const timeout = grpc.get('timeout');
  const status = grpc.get('statusOnError');
  return [
    ...findingIf(open.isTrue, 'failure-mode-allow', open, 'failOpen: false'),
    ...checkBody(grpc.get('includeRequestBodyInCheck'), limits),
    ...findingIf(!timeout.exists || timeout.seconds === 0, 'check-timeout', timeout, 'timeout: 0.5s'),
    ...findingIf(!status.exists, 'status-on-error', status, 'statusOnError: "503"'),
    ...checkStatus(status, 'statusOnError: "503"'),
  ];
}

const format = 'accessLogFormat: \'{"path":"%PATH(NQ:PATH)%","code":"%RESPONSE_CODE%"}\'';

/** What MeshConfig says of access logs: Istio's own format writes the query. */
export function checkMeshLogs(mesh: ConfigNode): readonly Finding[] {
  const file = mesh.get('accessLogFile');
  const written = mesh.get('accessLogFormat');
  const on = (file.text ?? '') !== '';
  const providers = mesh.get('extensionProviders').items;
  return [
    ...(on && (written.text ?? '') === '' ? [finding('access-log-leak', file, format)] : checkFormat(written)),
    ...providers.flatMap(provider => {
      const log = provider.get('envoyFileAccessLog');
      const layout = log.get('logFormat');
      return log.exists && !layout.exists
        ? [
            finding(
              'access-log-leak',
              layout,
              'logFormat: { labels: { path: "%PATH(NQ:PATH)%", code: "%RESPONSE_CODE%" } }',
            ),
          ]
        : checkFormat(layout);
    }),
    ...providers.flatMap(provider => checkFormat(provider.get('envoyOtelAls', 'logFormat'))),
    ...providers.flatMap(provider =>
      findingIf(
        provider.get('envoyHttpAls').exists,
        'access-log-leak',
        provider.get('envoyHttpAls'),
        '# envoyOtelAls with a logFormat; this one always sends the query',
      ),
    ),
  ];
}
