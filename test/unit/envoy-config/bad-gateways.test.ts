import { expect } from 'chai';
import { bent, findingsOf, readProjectFile } from '../../support/envoy-config.ts';

type Bend = readonly [title: string, from: string, to: string, rule: string, line: string, write: string];

/** Each bends the shipped file in one place; `line` is what stands on the line that the finding names. */
const bends: Readonly<Record<string, readonly Bend[]>> = {
  'envoy/istio.yaml': [
    ['failOpen', 'failOpen: false', 'failOpen: yes', 'failure-mode-allow', 'failOpen: yes', 'failOpen: false'],
    ['no statusOnError', 'statusOnError: "503"', '', 'status-on-error', 'envoyExtAuthzGrpc:', 'statusOnError: "503"'],
    [
      'statusOnError of success',
      'statusOnError: "503"',
      'statusOnError: "200"',
      'failure-looks-like-success',
      '"200"',
      'statusOnError: "503"',
    ],
    ['no timeout', 'timeout: 0.5s', '', 'check-timeout', 'envoyExtAuthzGrpc:', 'timeout: 0.5s'],
    ['no body', 'includeRequestBodyInCheck:', 'unknown:', 'body-not-sent', 'envoyExtAuthzGrpc:', 'packAsBytes: true'],
    [
      'another limit',
      'maxRequestBytes: 5242880',
      'maxRequestBytes: 8192',
      'body-limit-differs',
      '8192',
      'maxRequestBytes: 5242880',
    ],
    [
      'no partial body',
      'allowPartialMessage: true',
      '',
      'body-partial-refused',
      'includeRequest',
      'allowPartialMessage: true',
    ],
    ['body as text', 'packAsBytes: true', '', 'body-not-bytes', 'includeRequest', 'packAsBytes: true'],
    ['a default log format', 'accessLogFormat:', 'other:', 'access-log-leak', 'accessLogFile:', 'accessLogFormat: '],
    [
      'a log with the query',
      '%PATH(NQ:PATH)%',
      '%REQ(:PATH)%',
      'access-log-leak',
      'accessLogFormat:',
      '%PATH(NQ:PATH)%',
    ],
    [
      'a policy for some paths',
      'rules: [{}]',
      'rules: [{ to: [{ operation: { paths: [/model] } }] }]',
      'check-conditional',
      'rules:',
      'rules: [{}]',
    ],
    ['a policy without rules', 'rules: [{}]', '', 'check-conditional', 'spec:', 'rules: [{}]'],
    ['no CUSTOM policy', 'action: CUSTOM', 'action: DENY', 'no-ext-authz', 'http:', 'action: CUSTOM'],
    [
      'no catch-all',
      '    - name: unmatched\n',
      '    - match: [{ uri: { prefix: /x } }]\n',
      'no-catch-all-route',
      'http:',
      'directResponse: { status: 404 }',
    ],
    [
      'no clear_route_cache',
      'clear_route_cache: true',
      '',
      'missing-clear-route-cache',
      'spec:',
      'clear_route_cache: true',
    ],
    [
      'underscores',
      'headers_with_underscores_action: DROP_HEADER',
      '',
      'underscores-let-through',
      'spec:',
      'DROP_HEADER',
    ],
    [
      'underscores allowed',
      'action: DROP_HEADER',
      'action: ALLOW',
      'underscores-let-through',
      'action: ALLOW',
      'DROP_HEADER',
    ],
    [
      'a small buffer',
      'per_connection_buffer_limit_bytes: 8388608',
      'per_connection_buffer_limit_bytes: 32768',
      'buffer-too-small',
      '32768',
      '8388608',
    ],
    [
      'a small window',
      'initial_stream_window_size: 8388608',
      'initial_stream_window_size: 65536',
      'stream-window-too-small',
      '65536',
      '8388608',
    ],
    [
      'endless streams',
      'max_stream_duration: 900s',
      '',
      'no-max-stream-duration',
      'spec:',
      'max_stream_duration: 900s',
    ],
    [
      'a patch that fails open',
      'clear_route_cache: true',
      'clear_route_cache: true\n            failure_mode_allow: true',
      'failure-mode-allow',
      'failure_mode_allow: true',
      'failure_mode_allow: false',
    ],
  ],
  'envoy/envoy-gateway.yaml': [
    ['failOpen', 'failOpen: false', 'failOpen: true', 'failure-mode-allow', 'failOpen: true', 'failOpen: false'],
    ['no statusOnError', 'statusOnError: 503', '', 'status-on-error', 'extAuth:', 'statusOnError: 503'],
    [
      'statusOnError of success',
      'statusOnError: 503',
      'statusOnError: 200',
      'failure-looks-like-success',
      '200',
      'statusOnError: 503',
    ],
    ['no body', 'bodyToExtAuth:', 'unknown:', 'body-not-sent', 'extAuth:', 'bodyToExtAuth: {'],
    [
      'another limit',
      'maxRequestBytes: 5242880',
      'maxRequestBytes: 8192',
      'body-limit-differs',
      '8192',
      'maxRequestBytes: 5242880',
    ],
    [
      'no partial body',
      'path: allow_partial_message',
      'path: unknown',
      'body-partial-refused',
      'bodyToExtAuth',
      'allow_partial_message',
    ],
    ['body as text', 'path: pack_as_bytes', 'path: unknown', 'body-not-bytes', 'bodyToExtAuth', 'pack_as_bytes'],
    ['no recomputeRoute', 'recomputeRoute: true', '', 'missing-clear-route-cache', 'extAuth:', 'recomputeRoute: true'],
    [
      'headers held back',
      'failOpen: false',
      'headersToExtAuth: [authorization]',
      'headers-withheld',
      'headersToExtAuth',
      'no headersToExtAuth',
    ],
    ['a small buffer', 'bufferLimit: 8Mi', '', 'buffer-too-small', 'connection:', 'bufferLimit: 8Mi'],
    [
      'a small window',
      'initialStreamWindowSize: 8Mi',
      '',
      'stream-window-too-small',
      'http2:',
      'initialStreamWindowSize: 8Mi',
    ],
    [
      'underscores allowed',
      'Action: DropHeader',
      'Action: Allow',
      'underscores-let-through',
      'Action: Allow',
      'DropHeader',
    ],
    [
      'endless streams',
      'maxStreamDuration: 900s',
      '',
      'no-max-stream-duration',
      'connectionLimit:',
      'maxStreamDuration: 900s',
    ],
    [
      'a log with the query',
      '"%PATH(NQ:PATH)%"',
      '"%REQ(:PATH)%"',
      'access-log-leak',
      '%REQ(:PATH)%',
      'path: "%PATH(NQ:PATH)%"',
    ],
    [
      'a default log format',
      'kind: EnvoyProxy\nmeta',
      'kind: Namespace\nmeta',
      'access-log-leak',
      'spec:',
      'telemetry: ',
    ],
    ['no catch-all', 'value: / }', 'value: /x }', 'no-catch-all-route', 'rules:', 'PathPrefix'],
    [
      'a route timeout',
      "fraud, port: 8080 }]\n      # Envoy's own 15 s would cut long calls; maxStreamDuration above is the limit.\n      timeouts: { request: 0s }",
      'fraud, port: 8080 }]',
      'route-timeout',
      'value: fraud',
      'request: 0s',
    ],
    [
      'no policy on the gateway',
      'kind: Gateway, name: models }\n  extAuth',
      'kind: Gateway, name: other }\n  extAuth',
      'no-ext-authz',
      'rules:',
      'SecurityPolicy',
    ],
    [
      'a patch that fails open',
      'path: pack_as_bytes\n        value: true',
      'path: pack_as_bytes\n        value: true\n    - type: type.googleapis.com/envoy.config.listener.v3.Listener\n      operation: { op: add, path: /x/typed_config/failure_mode_allow, value: true }',
      'failure-mode-allow',
      'path: /x',
      'failure_mode_allow: false',
    ],
  ],
};

for (const [path, list] of Object.entries(bends)) {
  describe(`T1, T2, T6, T11, T12, T13, T24 ${path}, bent`, () => {
    for (const [title, from, to, rule, line, write] of list) {
      it(`${title}: ${rule}`, () => {
        const text = bent(readProjectFile(path), from, to);
        const [found, ...more] = findingsOf(text);
        expect(more).to.deep.equal([]);
        expect(found).to.include({ rule });
        expect(text.split('\n')[(found?.line ?? 0) - 1]).to.include(line);
        expect(found?.write).to.include(write);
      });
    }
  });
}
