import { checkFormat } from '../access-log-format.ts';
import type { ConfigNode } from '../documents/config-node.ts';
import { type Finding, finding } from '../finding.ts';
import { typedConfig } from './typed-config.ts';

/** Loggers that write the path with its query unless a format says otherwise. */
const withDefault = /\.(File|Stdout|Stderr)AccessLog$/;
const formats = ['log_format', 'format', 'json_format', 'typed_json_format'];

/** One list of access logs: a connection manager's `access_log`, or the router's `upstream_log`. */
export function checkAccessLogs(logs: ConfigNode): readonly Finding[] {
  return logs.items.flatMap(log => {
    const { type, config } = typedConfig(log.get('typed_config'));
    const written = formats.map(name => config.get(name)).filter(({ exists }) => exists);
    if (withDefault.test(type) && written.length === 0) {
      const write = 'log_format: { json_format: { path: "%PATH(NQ:PATH)%", code: "%RESPONSE_CODE%" } }';
      return [finding('access-log-leak', config.get('log_format'), write)];
    }
    if (type.endsWith('.HttpGrpcAccessLogConfig')) {
      return [
        finding(
          'access-log-leak',
          log,
          '# envoy.access_loggers.open_telemetry with a format; this one always sends the query',
        ),
      ];
    }
    return checkFormat(config);
  });
}
