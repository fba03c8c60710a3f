import { describeObject, type KubeObject } from '../kube-object.ts';

/** What some kinds can say besides, by which filters change their order, write headers, or are written by hand. */
const unread: Readonly<Record<string, readonly string[]>> = {
  EnvoyProxy: ['bootstrap', 'extraArgs', 'filterOrder'],
  HTTPRouteFilter: ['cookie', 'credentialInjection', 'matches'],
  SecurityPolicy: ['apiKeyAuth', 'basicAuth', 'oidc'],
};

/** Members of objects that are named as not checked. */
export function unreadParts(objects: readonly KubeObject[]): readonly string[] {
  return objects.flatMap(object =>
    (unread[object.kind] ?? [])
      .filter(name => object.spec.get(name).exists)
      .map(name => `${describeObject(object)}: ${name} is not read here`),
  );
}
