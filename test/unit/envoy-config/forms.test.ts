import { expect } from 'chai';
import { parse } from 'yaml';
import { bent, check, findingsOf, readProjectFile, refusalOf } from '../../support/envoy-config.ts';

const good = readProjectFile('test/unit/envoy-config/good.yaml');
const istio = readProjectFile('envoy/istio.yaml');
const gateway = readProjectFile('envoy/envoy-gateway.yaml');
const type = 'type.googleapis.com/envoy';

interface Bootstrap {
  static_resources: { listeners: { filter_chains: { filters: { typed_config: Record<string, unknown> }[] }[] }[] };
}

/** What /config_dump shows where routes come by RDS. */
function configDump(): string {
  const [listener] = (parse(good) as Bootstrap).static_resources.listeners;
  const manager = listener?.filter_chains[0]?.filters[0]?.typed_config ?? {};
  const { route_config, ...rest } = manager;
  Object.assign(listener?.filter_chains[0]?.filters[0] ?? {}, {
    typed_config: { ...rest, rds: { route_config_name: 'models' } },
  });
  const listeners = {
    '@type': `${type}.admin.v3.ListenersConfigDump`,
    dynamic_listeners: [{ active_state: { listener } }],
  };
  const routes = { '@type': `${type}.admin.v3.RoutesConfigDump`, dynamic_route_configs: [{ route_config }] };
  return JSON.stringify({ configs: [listeners, routes] }, null, '\t');
}

function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel);
  if (typeof value !== 'object' || value === null) return value;
  const name = (key: string) => key.replace(/_([a-z0-9])/g, (_found, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [name(key), camel(inner)]));
}

function rulesOf(text: string): readonly string[] {
  return findingsOf(text).map(({ rule }) => rule);
}

describe('forms of Envoy configs', () => {
  it('are YAML and JSON, snake_case and camelCase', () => {
    expect(rulesOf(JSON.stringify(parse(good)))).to.deep.equal([]);
    expect(rulesOf(JSON.stringify(camel(parse(good)))))
      .to.not.include('body-not-sent')
      .and.not.include('buffer-too-small');
    expect(rulesOf(good.replace('failure_mode_allow: false', 'failureModeAllow: "true"'))).to.deep.equal([
      'failure-mode-allow',
    ]);
  });

  it('are a /config_dump with the routes of its listeners', () => {
    expect(findingsOf(configDump())).to.deep.equal([]);
    expect(rulesOf(bent(configDump(), '"prefix": "/"', '"prefix": "/model"'))).to.deep.equal(['no-catch-all-route']);
  });

  it('tell where routes are not in the file', () => {
    const { notChecked } = check(configDump().replace('dynamic_route_configs', 'other'));
    expect(notChecked).to.deep.equal([
      'routes of listener gateway: they are not in this file; a /config_dump has them',
    ]);
  });

  it('may switch the check on by route, as Envoy Gateway writes it', () => {
    const off = bent(
      good,
      '- name: envoy.filters.http.ext_authz\n',
      '- name: envoy.filters.http.ext_authz/x\n                    disabled: true\n',
    );
    const perRoute = `{ envoy.filters.http.ext_authz/x: { "@type": ${type}.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute, check_settings: {} } }`;
    const on = bent(
      off,
      'timeout: 0s }\n',
      `timeout: 0s }\n                          typed_per_filter_config: ${perRoute}\n`,
    );
    expect(rulesOf(on)).to.deep.equal([]);
    const forgotten = bent(
      on,
      '- match: { prefix: "/" }',
      '- { match: { prefix: "/x" }, route: { cluster: fraud, timeout: 0s } }\n                        - match: { prefix: "/" }',
    );
    const [found] = findingsOf(forgotten);
    expect(found).to.include({ rule: 'check-disabled', line: 43 });
  });

  it('may leave a route without backend unchecked', () => {
    const health = `- match: { path: /healthz }
                          direct_response: { status: 200 }
                          typed_per_filter_config: { envoy.filters.http.ext_authz: { "@type": ${type}.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute, disabled: true } }
                        - match: { prefix: "/" }`;
    expect(findingsOf(bent(good, '- match: { prefix: "/" }', health))).to.deep.equal([]);
  });

  it('may hold a listener that leads elsewhere', () => {
    const other = readProjectFile('test/unit/envoy-config/bad/13-second-listener-unchecked.yaml');
    const fixed = bent(other, 'cluster_header: x-modelgate-target', 'cluster: fraud').replace(
      /route: { cluster: fraud } }]/,
      'route: { cluster: metrics } }]',
    );
    const { findings, checked, notChecked } = check(fixed);
    expect(notChecked).to.deep.equal([]);
    expect(findings.map(({ rule }) => rule)).to.deep.equal(['upstream-not-decided']);
    expect(checked[1]).to.include('listener backdoor: it leads to no cluster that a checked one leads to');
  });
});

describe('forms of Istio configs', () => {
  it('hold MeshConfig in a ConfigMap, an IstioOperator or Helm values', () => {
    const mesh = /mesh: \|\n([\s\S]*?)---/.exec(istio)?.[1] ?? '';
    const rest = istio.slice(istio.indexOf('# 2. What is checked'));
    for (const head of [
      `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: { name: x }\nspec:\n  meshConfig:\n${mesh}`,
      `meshConfig:\n${mesh}`,
    ]) {
      expect(findingsOf(`${head}---\n${rest}`)).to.deep.equal([]);
      expect(rulesOf(`${head.replace('failOpen: false', 'failOpen: true')}---\n${rest}`)).to.deep.equal([
        'failure-mode-allow',
      ]);
    }
  });

  it('tell of a provider that is not in the file', () => {
    const { notChecked } = check(istio.slice(istio.indexOf('# 2. What is checked')));
    expect(notChecked).to.deep.equal([
      'extension provider modelgate: no envoyExtAuthzGrpc of that name is in this file',
    ]);
  });

  it('tell where nothing in the file sets up the check', () => {
    const patches = istio.slice(istio.indexOf('# 3. What'), istio.indexOf('# 4. Which'));
    expect(check(patches).notChecked[0]).to.include('no AuthorizationPolicy with action CUSTOM');
    const clients = gateway.slice(gateway.indexOf('# 5. What'), gateway.indexOf('# 6. Which'));
    expect(check(clients).notChecked[0]).to.include('no SecurityPolicy with extAuth.grpc');
  });

  it("may have the Gateway API's routes", () => {
    const policy = istio.slice(0, istio.indexOf('# 4. Which'));
    const route = gateway.slice(gateway.indexOf('# 6. Which'), gateway.lastIndexOf('---'));
    expect(findingsOf(policy + route)).to.deep.equal([]);
    expect(rulesOf(policy + bent(route, 'value: / }', 'value: /x }'))).to.deep.equal(['no-catch-all-route']);
    expect(rulesOf(bent(policy, 'action: CUSTOM', 'action: DENY') + route)).to.deep.equal(['no-ext-authz']);
  });

  describe('may bring filters that run behind the check', () => {
    const filter = (operation: string, before = '') => `---
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: lua }
spec:
  configPatches:
    - applyTo: HTTP_FILTER
      match: { listener: { filterChain: { filter: { subFilter: { name: "${before}" } } } } }
      patch: { operation: ${operation}, value: { name: envoy.filters.http.lua, typed_config: { "@type": ${type}.extensions.filters.http.lua.v3.Lua } } }`;
    for (const [operation, before, found] of [
      ['INSERT_FIRST', '', []],
      ['INSERT_BEFORE', '', []],
      ['INSERT_BEFORE', 'envoy.filters.http.ext_authz', []],
      ['INSERT_BEFORE', 'envoy.filters.http.router', ['filter-behind-check']],
      ['INSERT_BEFORE', 'envoy.filters.http.cors', ['filter-behind-check']],
      ['INSERT_AFTER', 'envoy.filters.http.ext_authz', ['filter-behind-check']],
      ['ADD', '', ['filter-behind-check']],
      ['REPLACE', 'envoy.filters.http.ext_authz', ['check-disabled']],
      ['REMOVE', 'envoy.filters.http.ext_authz', ['check-disabled']],
    ] as const) {
      it(`by ${operation} ${before}: ${found.join()}`, () => {
        expect(rulesOf(istio + filter(operation, before))).to.deep.equal(found);
      });
    }

    it('by a WasmPlugin of any phase', () => {
      const plugin =
        '---\napiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata: { name: x }\nspec: { phase: AUTHN }';
      expect(rulesOf(istio + plugin)).to.deep.equal(['filter-behind-check']);
    });
  });

  it("are not saved by another filter's clear_route_cache", () => {
    const other = istio.replace(
      'filters.http.ext_authz.v3.ExtAuthz\n',
      'filters.http.jwt_authn.v3.JwtAuthentication\n',
    );
    expect(rulesOf(other)).to.deep.equal(['missing-clear-route-cache']);
  });
});

describe('forms of Envoy Gateway configs', () => {
  it('are what kubectl prints, too', () => {
    const items = gateway.split('\n---\n').map(text => parse(text));
    expect(findingsOf(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))).to.deep.equal([]);
  });

  it('may put the policy of the gateway aside on a route', () => {
    const aside = `---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: SecurityPolicy
metadata: { name: cors, namespace: models }
spec: { targetRefs: [{ kind: HTTPRoute, name: models }], cors: {} }`;
    expect(rulesOf(gateway + aside)).to.deep.equal(['check-disabled']);
    expect(rulesOf(gateway + aside.replace('cors: {}', 'mergeType: StrategicMerge'))).to.deep.equal([]);
  });
});

describe('what is no config', () => {
  for (const [title, text, says] of [
    ['an empty file', '', 'it is empty'],
    ['comments alone', '# nothing\n', 'it is empty'],
    ['null', 'null', 'it is empty'],
    ['a text', 'hello', 'document 1 (line 1) is no config of Envoy, Istio or Envoy Gateway'],
    ['a list', '[1, 2]', 'is no config of'],
    ['another mapping', 'users: []\n', 'is no config of'],
    ['a document too many', `${good}\n---\nusers: []\n`, 'document 2 (line 61) is no config of'],
    ['half a JSON', '{"admin": {', 'it is no valid YAML or JSON'],
    ['a name given twice', 'admin: {}\nadmin: {}', 'it is no valid YAML or JSON'],
    ['brackets without end', '['.repeat(100_000), 'nested deeper than'],
    ['lists in lists without end', '- '.repeat(100_000), 'nested deeper than'],
    [
      'steps to the right without end',
      [...Array(2000).keys()].map(at => `${' '.repeat(at)}a:\n`).join(''),
      'nested deeper than',
    ],
    ['an alias to what holds it', 'admin: &a { x: *a }', 'nested deeper than'],
    ['a bootstrap without listeners', 'admin: {}\ndynamic_resources: {}', 'nothing in it could be checked'],
    [
      'other objects of Kubernetes',
      'apiVersion: v1\nkind: Service\nmetadata: { name: x }',
      'nothing in it could be checked',
    ],
    ['an empty list of them', '{"apiVersion": "v1", "kind": "List", "items": []}', 'nothing in it could be checked'],
  ] as const) {
    it(`is not taken for sound: ${title}`, () => {
      expect(refusalOf(text)[0]).to.include(says);
    });
  }

  it('has no value of it repeated in a fault: it may be a key', () => {
    expect(refusalOf('a: "b" maaaaaaaaaa').join('\n')).to.not.include('maaaa');
  });
});
