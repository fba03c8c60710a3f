import type { ConfigNode } from './documents/config-node.ts';
import { checkUpstream, decidedNames } from './envoy/check-upstream.ts';
import type { HttpFilter } from './envoy/http-filter.ts';
import { clustersOf } from './envoy/routes.ts';
import { serviceOf } from './envoy/service-names.ts';
import { type Judged, joinJudged } from './finding.ts';

/** Whole routes in a patch's value, wherever they are in it; `name` is the value's own, in camelCase. */
export function addedRoutes(value: ConfigNode, name = ''): readonly ConfigNode[] {
  const lists = [...value.walk()].filter(node => node.isList && (node === value ? name : node.key) === 'routes');
  const single = name === 'routes' && value.isMap ? [value] : [];
  return [...lists.flatMap(({ items }) => items), ...single];
}

/** What of them leads to a model without the decision. */
export function checkAddedRoutes(value: ConfigNode, name = ''): Judged {
  return joinJudged(addedRoutes(value, name).map(checkOne));
}

/** It must be bound to the decision as a route of Envoy's own config must be. */
function checkOne(node: ConfigNode): Judged {
  const action = node.get('route');
  if (!action.exists) {
    return { findings: [], notChecked: [] };
  }
  const gateway = { authz: [checkAt(node)] };
  const route = { node, action, around: [node] };
  const decided = decidedNames(gateway, route);
  const others = clustersOf(action).names.filter(name => !decided.includes(serviceOf(name)));
  return {
    findings: checkUpstream(gateway, route),
    notChecked: others
      .filter(() => decided.length > 0)
      .map(
        name => `whether ${name} serves the model ${decided.join(' or ')}, for which ${node.place.path} leads there`,
      ),
  };
}

/** The check goes by this name in what Istio and Envoy Gateway write. */
function checkAt(node: ConfigNode): HttpFilter {
  const name = 'envoy.filters.http.ext_authz';
  return { node, name, kind: 'ext_authz', config: node, disabled: false, skippedBy: undefined, fetched: false };
}
