import { expect } from 'chai';
import { bent, check, readProjectFile, refusalOf } from '../../support/envoy-config.ts';

const good = readProjectFile('test/unit/envoy-config/good.yaml');
const istio = readProjectFile('envoy/istio.yaml');
const gateway = readProjectFile('envoy/envoy-gateway.yaml');

function outcome(text: string): { readonly rules: readonly string[]; readonly named: string } {
  const { findings, notChecked } = check(text);
  return { rules: findings.map(({ rule }) => rule), named: notChecked.join('\n') };
}

function policy(spec: string): string {
  return `${gateway}\n---\napiVersion: gateway.envoyproxy.io/v1alpha1\nkind: SecurityPolicy\nmetadata: { name: other, namespace: models }\nspec: ${spec}\n`;
}

describe('T1 what envoy check reads as Envoy does', () => {
  it('leaves out a member whose name has the tag !ignore', () => {
    const tagged = bent(
      good,
      'static_resources:\n',
      '!ignore shared: { failure_mode_allow: true }\nstatic_resources:\n',
    );
    expect(outcome(tagged)).to.deep.equal({ rules: [], named: '' });
  });

  for (const [title, from, to, says] of [
    ['!ignore on a value', 'name: gateway', 'name: !ignore gateway', 'line 3: Envoy reads !ignore only'],
    ['a merge key', 'name: gateway\n', 'name: gateway\n      <<: { a: 1 }\n', 'line 4: merge keys (<<)'],
    ['an unknown tag', 'name: gateway', 'name: !vault gateway', 'line 3: a tag (!…) of no known meaning'],
  ] as const) {
    it(`refuses ${title}`, () => {
      expect(refusalOf(bent(good, from, to))[1]).to.include(says);
    });
  }

  it('refuses a name that is given twice, in JSON too', () => {
    expect(refusalOf('{"admin": {}, "admin": {}}')[0]).to.equal('it is no valid YAML or JSON');
  });
});

describe('T1 what envoy check can not resolve', () => {
  for (const [title, text, rules, says] of [
    [
      'jwt on a listener',
      policy('{ targetRefs: [{ kind: Gateway, name: models, sectionName: http }], jwt: {} }'),
      ['check-disabled'],
      '',
    ],
    [
      'a guard of another listener',
      bent(
        gateway,
        'kind: Gateway, name: models }\n  extAuth',
        'kind: Gateway, name: models, sectionName: x }\n  extAuth',
      ),
      ['no-ext-authz'],
      '',
    ],
    [
      'a merged failOpen',
      policy(
        '{ targetRefs: [{ kind: HTTPRoute, name: models }], mergeType: StrategicMerge, extAuth: { failOpen: true } }',
      ),
      ['failure-mode-allow'],
      '',
    ],
    [
      'labels',
      policy('{ targetSelectors: [{ kind: HTTPRoute, matchLabels: { a: b } }], jwt: {} }'),
      [],
      'nothing in this file has such labels',
    ],
    [
      'an EnvoyFilter with other labels',
      bent(istio, 'spec:\n  action: CUSTOM', 'spec:\n  selector: { matchLabels: { istio: nobody } }\n  action: CUSTOM'),
      [],
      'no EnvoyFilter is in its namespace with its labels',
    ],
    [
      'a policy of another namespace',
      bent(
        istio,
        'kind: AuthorizationPolicy\nmetadata: { name: modelgate, namespace: istio-ingress }',
        'kind: AuthorizationPolicy\nmetadata: { name: modelgate, namespace: elsewhere }',
      ),
      [],
      'AuthorizationPolicy elsewhere/modelgate: no EnvoyFilter',
    ],
    [
      'a member of a newer Envoy',
      bent(good, 'domains: ["*"]\n', 'domains: ["*"]\n                      route_specifiers: [{ name: x }]\n'),
      [],
      'route_specifiers of static_resources.listeners[0]',
    ],
    [
      'code in front of the check',
      bent(
        good,
        'http_filters:\n',
        'http_filters:\n                  - { name: envoy.filters.http.lua, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua } }\n',
      ),
      [],
      'what it does stands in code',
    ],
    [
      'listeners that are fetched',
      `${good}\ndynamic_resources: { lds_config: { path_config_source: { path: x } } }\n`,
      [],
      'listeners by lds_config',
    ],
    [
      'an authorizer of another name',
      good.replaceAll('cluster_name: modelgate', 'cluster_name: other').replace('name: modelgate\n', 'name: other\n'),
      [],
      'whether other, which listener gateway asks, is Modelgate',
    ],
    [
      'a matcher',
      bent(good, 'domains: ["*"]\n', 'domains: ["*"]\n                      matcher: {}\n'),
      [],
      'routes by a matcher',
    ],
  ] as const) {
    it(`${title}: ${rules.join() || `not checked, ${says}`}`, () => {
      const found = outcome(text);
      expect(found.rules).to.deep.equal(rules);
      expect(found.named).to.include(says);
    });
  }
});
