import { expect } from 'chai';
import { bent, findingsOf, readProjectFile } from '../../support/envoy-config.ts';

const good = readProjectFile('test/unit/envoy-config/good.yaml');
const istio = readProjectFile('envoy/istio.yaml');
const gateway = readProjectFile('envoy/envoy-gateway.yaml');
const rule = 'upstream-not-decided';
const last = '                        - match: { prefix: "/" }\n';
const perRoute = 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute';
const pin = `typed_per_filter_config: { envoy.filters.http.ext_authz: { "@type": ${perRoute}, check_settings: { context_extensions: { modelgate_model: fraud } } } }`;

function rulesOf(text: string): readonly string[] {
  return findingsOf(text).map(found => found.rule);
}

/** The good config with one more route, in flow style, above its own. */
function withRoute(route: string): string {
  return bent(good, last, `                        - ${route}\n${last}`);
}

const straight = 'route: { cluster: fraud, timeout: 0s }';

/** A match by a header, in front of one model's cluster. */
function matched(header: string): string {
  return `{ match: { prefix: "/", headers: [{ ${header} }] }, ${straight} }`;
}

describe("T2 who chooses the upstream: Envoy's routes", () => {
  for (const [title, route, found] of [
    ['a path', `{ match: { prefix: "/open" }, ${straight} }`, [rule]],
    ["a client's header", matched('name: x-want, string_match: { exact: fraud }'), [rule]],
    ['any value of the header', matched('name: x-modelgate-model, present_match: true'), [rule]],
    ['its absence', matched('name: x-modelgate-model, string_match: { exact: a }, invert_match: true'), [rule]],
    ['the beginning of a name', matched('name: x-modelgate-model, string_match: { prefix: fraud }'), [rule]],
    [
      'letters of either case',
      matched('name: x-modelgate-model, string_match: { exact: a, ignore_case: true }'),
      [rule],
    ],
    ['an open pattern', matched('name: x-modelgate-model, string_match: { safe_regex: { regex: "fraud.*" } }'), [rule]],
    ['another header', '{ match: { prefix: "/x" }, route: { cluster_header: x-other, timeout: 0s } }', [rule]],
    [
      'a weight',
      '{ match: { prefix: "/x" }, route: { timeout: 0s, weighted_clusters: { clusters: [{ name: fraud, weight: 1 }] } } }',
      [rule],
    ],
    ['a plugin', '{ match: { prefix: "/x" }, route: { timeout: 0s, cluster_specifier_plugin: lua } }', [rule]],
    [
      'a mirror',
      '{ match: { prefix: "/x" }, route: { cluster_header: x-modelgate-target, timeout: 0s, request_mirror_policies: [{ cluster: fraud }] } }',
      [rule],
    ],
    [
      'a pin with another header',
      `{ match: { prefix: "/x" }, route: { cluster_header: x-o, timeout: 0s }, ${pin} }`,
      [rule],
    ],
    ['a pin', `{ match: { prefix: "/x" }, ${straight}, ${pin} }`, []],
    ["the check's header", matched('name: X-Modelgate-Model, string_match: { exact: fraud }'), []],
    ['names of models', matched('name: x-modelgate-target, string_match: { safe_regex: { regex: "(a|b)" } }'), []],
    ['a redirect', '{ match: { prefix: "/x" }, redirect: { path_redirect: /y } }', []],
    ['a direct response', '{ match: { prefix: "/x" }, direct_response: { status: 404 } }', []],
  ] as const) {
    it(`${title}: ${found.join() || 'no finding'}`, () => {
      expect(rulesOf(withRoute(route))).to.deep.equal(found);
    });
  }

  it('a pin of the virtual host holds for its routes', () => {
    const pinned = bent(good, 'domains: ["*"]\n', `domains: ["*"]\n                      ${pin}\n`);
    expect(rulesOf(bent(pinned, 'cluster_header: x-modelgate-target', 'cluster: fraud'))).to.deep.equal([]);
    expect(rulesOf(bent(good, 'cluster_header: x-modelgate-target', 'cluster: fraud'))).to.deep.equal([rule]);
  });
});

describe("T2 who chooses the upstream: Istio's and the Gateway API's routes", () => {
  const header = 'headers: { x-modelgate-model: { exact: fraud } }';
  for (const [title, to, found] of [
    ['a path', 'uri: { prefix: /fraud }', [rule]],
    ["a client's header", 'headers: { x-want: { exact: fraud } }', [rule]],
    ['the beginning of a name', 'headers: { x-modelgate-model: { prefix: fraud } }', [rule]],
    ['one of two matches', `${header} }, { uri: { prefix: /x }`, [rule]],
    ["the check's header on a path", `uri: { prefix: /x }, ${header}`, []],
  ] as const) {
    it(`VirtualService, ${title}: ${found.join() || 'no finding'}`, () => {
      expect(rulesOf(bent(istio, header, to))).to.deep.equal(found);
    });
  }

  it('VirtualService: a mirror that nothing chooses is found', () => {
    const last = 'name: unmatched\n      directResponse: { status: 404 }';
    expect(rulesOf(bent(istio, last, `${last}\n      mirror: { host: fraud }`))).to.deep.equal([rule]);
  });

  const one = '- matches: [{ headers: [{ name: x-modelgate-model, value: fraud }] }]';
  for (const [title, to, found] of [
    ['a path', '- matches: [{ path: { type: PathPrefix, value: /fraud } }]', [rule]],
    ['no match', '-', [rule]],
    ["a client's header", '- matches: [{ headers: [{ name: x-want, value: fraud }] }]', [rule]],
    [
      'an open pattern',
      '- matches: [{ headers: [{ name: x-modelgate-model, type: RegularExpression, value: ".*" }] }]',
      [rule],
    ],
    ['its other header', '- matches: [{ headers: [{ name: x-modelgate-target, value: fraud }] }]', []],
  ] as const) {
    it(`HTTPRoute, ${title}: ${found.join() || 'no finding'}`, () => {
      expect(rulesOf(bent(gateway, one, to))).to.deep.equal(found);
    });
  }

  it("GRPCRoute: an own method is no word of the check's", () => {
    const grpc = `\n---\napiVersion: gateway.networking.k8s.io/v1\nkind: GRPCRoute\nmetadata: { name: models, namespace: models }\nspec:
  parentRefs: [{ name: models }]\n  hostnames: [models.example.com]
  rules: [{ matches: [{ method: { service: a.B } }], backendRefs: [{ name: fraud }], timeouts: { request: 0s } }]`;
    expect(rulesOf(gateway + grpc)).to.deep.equal([rule]);
  });
});
