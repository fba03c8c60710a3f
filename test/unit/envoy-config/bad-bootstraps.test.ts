import { expect } from 'chai';
import { rules } from '../../../src/envoy-config/finding-rules.ts';
import { canBeMended, findingsOf, mended, readProjectFile, yamlFilesIn } from '../../support/envoy-config.ts';

const folder = 'test/unit/envoy-config/bad';
const good = 'test/unit/envoy-config/good.yaml';

/** Each file is good.yaml bent in one way: the rule that finds it, the line, the end of the path, what to write. */
const bad: Readonly<Record<string, readonly [rule: string, line: number, at: string, write: string]>> = {
  '01-no-ext-authz': ['no-ext-authz', 23, '.http_filters', '- name: envoy.filters.http.ext_authz'],
  '02-failure-mode-allow': ['failure-mode-allow', 29, '.failure_mode_allow', 'failure_mode_allow: false'],
  '03-route-disables-check': ['check-disabled', 47, '.ext_authz.disabled', 'no entry for ext_authz'],
  '04-filter-enabled-for-some': ['check-conditional', 30, '.filter_enabled', 'deny_at_disable: {'],
  '05-no-catch-all-route': ['no-catch-all-route', 41, '.virtual_hosts[0].routes', '- { match: { prefix: "/" }'],
  '06-no-clear-route-cache': ['missing-clear-route-cache', 25, '.clear_route_cache', 'clear_route_cache: true'],
  '07-body-limit-differs': ['body-limit-differs', 31, '.max_request_bytes', 'max_request_bytes: 5242880'],
  '08-buffer-too-small': ['buffer-too-small', 3, '_buffer_limit_bytes', 'per_connection_buffer_limit_bytes: 8388608'],
  '09-route-timeout': ['route-timeout', 43, '.route.timeout', 'timeout: 0s'],
  '10-underscores-let-through': ['underscores-let-through', 13, '_underscores_action', ': DROP_HEADER'],
  '11-lua-behind-check': ['filter-behind-check', 33, '.http_filters[1]', 'before envoy.filters.http.ext_authz'],
  '12-access-log-writes-query': ['access-log-leak', 22, '.json_format.path', 'path: "%PATH(NQ:PATH)%"'],
  '13-second-listener-unchecked': ['no-ext-authz', 52, 'listeners[1]', '- name: envoy.filters.http.ext_authz'],
  '14-filter-disabled': ['check-disabled', 25, '.http_filters[0].disabled', 'disabled: false'],
  '15-route-disables-by-filter-config': ['check-disabled', 47, '.ext_authz.disabled', 'no entry for ext_authz'],
  '16-enabled-by-metadata': ['check-conditional', 30, '.filter_enabled_metadata', 'deny_at_disable: {'],
  '17-body-not-sent': ['body-not-sent', 25, '.with_request_body', 'with_request_body: { max_request_bytes: 5242880,'],
  '18-body-partial-refused': ['body-partial-refused', 31, '.allow_partial_message', 'allow_partial_message: true'],
  '19-body-not-bytes': ['body-not-bytes', 31, '.pack_as_bytes', 'pack_as_bytes: true'],
  '20-stream-window-too-small': ['stream-window-too-small', 17, '_window_size', 'initial_stream_window_size: 8388608'],
  '21-check-timeout': ['check-timeout', 28, '.grpc_service.timeout', 'timeout: 0.5s'],
  '22-stream-idle-timeout': ['stream-idle-timeout', 9, '.stream_idle_timeout', 'stream_idle_timeout: 900s'],
  '23-no-max-stream-duration': ['no-max-stream-duration', 13, '.max_stream_duration', 'max_stream_duration: 900s'],
  '24-access-log-default-format': ['access-log-leak', 20, '.log_format', 'log_format: {'],
  '25-status-on-error': ['status-on-error', 25, '.status_on_error', 'status_on_error: { code: ServiceUnavailable }'],
  '26-internal-addresses-trusted': ['internal-addresses-trusted', 13, '.internal_address_config', 'nobody is internal'],
  '27-internal-redirect': ['internal-redirect', 43, '.internal_redirect_policy', 'no internal_redirect_policy'],
  '28-headers-withheld': ['headers-withheld', 30, '.allowed_headers', 'no allowed_headers'],
  '29-jwt-clears-route-behind-check': [
    'filter-behind-check',
    33,
    '.http_filters[1]',
    'before envoy.filters.http.ext_authz',
  ],
  '30-tcp-proxy-past-check': ['no-ext-authz', 49, 'listeners[1]', '- name: envoy.filters.http.ext_authz'],
  '31-upstream-not-decided': [
    'upstream-not-decided',
    43,
    '.routes[0].route.cluster',
    'cluster_header: x-modelgate-target',
  ],
  '32-upgrade-past-check': ['upgrade-past-check', 25, '.upgrade_configs[0].filters', 'no filters here'],
  '33-decision-not-applied': ['decision-not-applied', 30, '.decoder_header_mutation_rules', 'no decoder_header'],
  '34-failure-looks-like-success': ['failure-looks-like-success', 30, '.status_on_error.code', ': ServiceUnavailable'],
  '35-admin-exposed': ['admin-exposed', 1, 'admin.address.socket_address.address', 'address: 127.0.0.1'],
  '36-check-cluster-unknown': ['check-cluster-unknown', 28, '.cluster_name', 'static_resources.clusters'],
  '37-setting-unknown': ['setting-unknown', 29, '.failure_mode_alow', 'its right name'],
  '38-headers-disallowed': ['headers-withheld', 30, '.disallowed_headers', 'no disallowed_headers'],
  '39-version-2': ['setting-unknown', 27, '.transport_api_version', 'transport_api_version: V3'],
  '40-route-writes-principal': ['filter-behind-check', 41, '.header.key', 'no x-modelgate- header'],
  '41-forged-header-kept': ['forged-header-kept', 9, '.early_header_mutation_extensions', 'remove: x-modelgate-target'],
  '42-credential-lent': ['credential-lent', 28, '.header.key', 'callers bring their own'],
  '43-check-cluster-http1': [
    'check-cluster-http1',
    45,
    '.typed_extension_protocol_options',
    'http2_protocol_options: {}',
  ],
  '44-cluster-mirrors': ['upstream-not-decided', 60, '.request_mirror_policies[0]', 'no mirror'],
  '45-refusals-mapped-to-200': ['failure-looks-like-success', 12, '.status_code', 'below 400'],
  '46-only-watches': ['check-disabled', 30, '.shadow_mode', 'shadow_mode: false'],
  '47-everything-refused': ['everything-refused', 23, '.http_filters', '- name: envoy.filters.http.ext_authz'],
};

/** Tried in bad-gateways.test.ts. */
const ofControlPlanes = ['patch-without-target'];

describe('T1, T2, T6, T11, T12, T13, T24 bad Envoy configs', () => {
  it('are each of them good but for one thing', () => {
    expect(findingsOf(readProjectFile(good))).to.deep.equal([]);
    expect(yamlFilesIn(folder)).to.deep.equal(Object.keys(bad).map(name => `${folder}/${name}.yaml`));
  });

  it('stand for every rule', () => {
    const found = new Set([...Object.values(bad).map(([rule]) => rule), ...ofControlPlanes]);
    expect(found).to.deep.equal(new Set(Object.keys(rules)));
  });

  for (const [name, [rule, line, at, write]] of Object.entries(bad)) {
    it(`${name}: one finding, ${rule}, with where, why and what to write`, () => {
      const [found, ...more] = findingsOf(readProjectFile(`${folder}/${name}.yaml`));
      expect(more).to.deep.equal([]);
      expect(found).to.include({ rule, line, document: 1 });
      expect(found?.path).to.include(at);
      expect(found?.write).to.include(write);
      expect(found?.why).to.match(/^[A-Z].{30,}\.$/);
    });
  }

  for (const name of Object.keys(bad)) {
    const text = readProjectFile(`${folder}/${name}.yaml`);
    const [found] = findingsOf(text);
    if (found && canBeMended(found)) {
      it(`${name}: what is to be written mends it`, () => {
        expect(findingsOf(mended(text, found))).to.deep.equal([]);
      });
    }
  }
});
