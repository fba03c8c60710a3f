import { checkFormat } from '../access-log-format.ts';
import type { ConfigNode } from '../documents/config-node.ts';
import { type Finding, finding } from '../finding.ts';

const settings =
  'settings: [{ format: { type: JSON, json: { path: "%PATH(NQ:PATH)%", code: "%RESPONSE_CODE%" } }, sinks: [{ type: File, file: { path: /dev/stdout } }] }]';

/** Access logs of an EnvoyProxy, or, where a file has none, the default, found at `spec`: it writes the query. */
export function checkEnvoyProxy(spec: ConfigNode): readonly Finding[] {
  const log = spec.get('telemetry', 'accessLog');
  if (log.get('disable').isTrue) {
    return [];
  }
  const list = log.get('settings');
  if (list.items.length === 0) {
    return [finding('access-log-leak', list, `# in an EnvoyProxy: telemetry: { accessLog: { ${settings} } }`)];
  }
  return list.items.flatMap(setting => {
    const format = setting.get('format');
    const sent = setting.get('sinks').items.find(sink => sink.get('type').text === 'ALS');
    return [
      ...(format.exists ? checkFormat(format) : sent ? [] : [finding('access-log-leak', format, settings)]),
      ...(sent
        ? [finding('access-log-leak', sent, '# type: OpenTelemetry with a format; ALS always sends the query')]
        : []),
    ];
  });
}
