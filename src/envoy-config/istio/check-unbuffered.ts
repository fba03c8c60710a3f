import type { ConfigNode } from '../documents/config-node.ts';
import { finding, type Judged, joinJudged } from '../finding.ts';
import { routeTakesGrpcOnly } from '../grpc-calls.ts';
import type { KubeObject } from '../kube-object.ts';

/** Patches by which the check does not wait for bodies must be on routes that calls by gRPC alone are on. */
export function checkUnbuffered(filters: readonly KubeObject[], services: readonly KubeObject[]): Judged {
  const routes = services.flatMap(({ spec }) => spec.get('http').items);
  return joinJudged(
    filters
      .flatMap(({ spec }) => spec.get('configPatches').items)
      .flatMap(patch =>
        [...patch.get('patch', 'value').walk()]
          .filter(({ key, isTrue }) => /^disable_?request_?body_?buffering$/i.test(key) && isTrue)
          .map(setting => checkOne(setting, patch, routes)),
      ),
  );
}

function checkOne(setting: ConfigNode, patch: ConfigNode, routes: readonly ConfigNode[]): Judged {
  const name = patch.get('match', 'routeConfiguration', 'vhost', 'route', 'name').text ?? '';
  const whole = patch.get('patch', 'value').get('match').exists;
  const meant = routes.filter(route => name === '' || route.get('name').text === name);
  if (meant.length === 0 || whole) {
    return { findings: [], notChecked: [`${setting.place.path}: which calls are on the route that it is for`] };
  }
  const wrong = meant.some(route => !routeTakesGrpcOnly(route));
  return { findings: wrong ? [finding('body-not-sent', setting, write)] : [], notChecked: [] };
}

const write =
  '# only for a route by its name, with match: [{ headers: { content-type: { prefix: application/grpc } } }] in the VirtualService';
