import { findEnvoy } from '../../envoy/find-envoy.ts';
import { type Bootstrap, connectionManagerOf, renderConfig } from '../../envoy/render-config.ts';
import { type EnvoyProcess, startEnvoy } from '../../envoy/run-envoy.ts';

const extAuthz = 'envoy.filters.http.ext_authz';
const bufferType = 'type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer';
const bodyBytesMax = 5 * 1024 * 1024;

/**
 * A real Envoy with the shipped configuration on the loader's core, in front of a check service. Envoy itself answers in the
 * model's place, and writes no access log: both would only hide what the check adds.
 */
export async function startGateway(checkPort: number, withFilter: boolean): Promise<EnvoyProcess> {
  const configText = await renderConfig({
    gatewayPort: 0,
    adminPort: 0,
    check: { host: '127.0.0.1', port: checkPort },
    models: { model: 1 },
    edit: bootstrap => bend(bootstrap, withFilter),
  });
  return startEnvoy({ binary: await findEnvoy(), configText, concurrency: 1, quiet: true });
}

function bend(bootstrap: Bootstrap, withFilter: boolean): void {
  const manager = connectionManagerOf(bootstrap);
  manager['access_log'] = [];
  const answer = { status: 200, body: { inline_string: '{"success":true}' } };
  for (const host of manager.route_config.virtual_hosts) {
    host.routes = [{ match: { prefix: '/' }, direct_response: answer }];
  }
  for (const { name, typed_config } of manager.http_filters) {
    if (name === extAuthz) {
      // The rivals read a body that comes as text only.
      typed_config['with_request_body'] = { max_request_bytes: bodyBytesMax, allow_partial_message: true };
    }
  }
  // The check waits for the body; without it Envoy would answer at once, and close on who still sends.
  manager.http_filters.splice(-1, 0, {
    name: 'envoy.filters.http.buffer',
    typed_config: { '@type': bufferType, max_request_bytes: bodyBytesMax },
  });
  if (!withFilter) {
    manager.http_filters = manager.http_filters.filter(({ name }) => name !== extAuthz);
  }
}
