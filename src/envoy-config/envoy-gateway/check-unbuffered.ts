import { settingsOf } from '../check-fragment.ts';
import { canonical } from '../documents/config-node.ts';
import { finding, type Judged, joinJudged } from '../finding.ts';
import { ruleTakesGrpcOnly } from '../grpc-calls.ts';
import { describeObject, type KubeObject } from '../kube-object.ts';
import { type JsonPatch, jsonPatchesOf } from './json-patch.ts';
import { refsOf } from './policy-scope.ts';

/** Envoy Gateway calls routes httproute/NAMESPACE/NAME/rule/…, and patches find them by such a pattern. */
const named = /'httproute\/([^/'*]+)\/([^/'*]+)\/[^']*'/;

/** Patches by which the check does not wait for bodies must be on routes that calls by gRPC alone are on. */
export function checkUnbuffered(policies: readonly KubeObject[], routes: readonly KubeObject[]): Judged {
  return joinJudged(
    policies.flatMap(policy =>
      jsonPatchesOf(policy)
        .filter(isUnbuffering)
        .map(patch => checkOne(patch, policy, routes)),
    ),
  );
}

/** Whether all that a policy is on are routes of the file that calls by gRPC alone are on. */
export function isOnStreams(policy: KubeObject, routes: readonly KubeObject[]): boolean {
  const refs = refsOf(policy).filter(({ exists }) => exists);
  const meant = refs.map(ref =>
    routes.find(({ kind, name }) => ref.get('kind').text === kind && ref.get('name').text === name),
  );
  const streaming = meant.every(route => route?.namespace === policy.namespace && takesStreams(route));
  return refs.length > 0 && streaming && !policy.spec.get('targetSelectors').exists;
}

function takesStreams({ spec }: KubeObject): boolean {
  return spec.get('rules').items.every(ruleTakesGrpcOnly);
}

function isUnbuffering({ value, path }: JsonPatch): boolean {
  return settingsOf(value, path).some(
    ({ name, node }) => canonical(name) === 'disableRequestBodyBuffering' && node.isTrue,
  );
}

function checkOne({ path, node, value }: JsonPatch, policy: KubeObject, routes: readonly KubeObject[]): Judged {
  const [, namespace, name] = named.exec(path.join('')) ?? [];
  const route = routes.find(it => it.kind === 'HTTPRoute' && it.namespace === namespace && it.name === name);
  if (route === undefined) {
    const what = `${describeObject(policy)}: ${node.place.path}: which calls are on the routes that it is for`;
    return { findings: [], notChecked: [what] };
  }
  return { findings: takesStreams(route) ? [] : [finding('body-not-sent', value, write)], notChecked: [] };
}

const write =
  '# only for an HTTPRoute whose rules all match headers: [{ name: content-type, type: RegularExpression, value: "application/grpc.*" }]';
