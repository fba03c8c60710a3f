import type { ConfigNode } from '../documents/config-node.ts';
import { finding, type Judged, joinJudged } from '../finding.ts';
import { describeObject, type KubeObject } from '../kube-object.ts';

/** Whether policies are on the workloads that Istio's Gateways of the file select: both name them by labels alone. */
export function checkSelectors(policies: readonly KubeObject[], gateways: readonly KubeObject[]): Judged {
  return policies.length === 0
    ? { findings: [], notChecked: [] }
    : joinJudged(gateways.map(gateway => checkGateway(gateway, policies)));
}

function checkGateway(gateway: KubeObject, policies: readonly KubeObject[]): Judged {
  const own = labelsOf(gateway.spec.get('selector'));
  const fits = policies.map(({ spec }) => fitOf(labelsOf(spec.get('selector', 'matchLabels')), own));
  if (own.size === 0 || fits.includes('on')) {
    return { findings: [], notChecked: [] };
  }
  const named = describeObject(gateway);
  const written = [...own].map(([key, value]) => `${key}: ${value}`).join(', ');
  const [first] = policies;
  return fits.includes('maybe') || first === undefined
    ? {
        findings: [],
        notChecked: [`${named}: whether its workloads have the labels that an AuthorizationPolicy selects`],
      }
    : {
        findings: [
          finding(
            'no-ext-authz',
            first.spec.get('selector'),
            `selector: { matchLabels: { ${written} } } # those of ${named}`,
          ),
        ],
        notChecked: [],
      };
}

/** `off`: one label has another value there, so that no workload has both. */
function fitOf(wanted: ReadonlyMap<string, string>, own: ReadonlyMap<string, string>): 'on' | 'maybe' | 'off' {
  const entries = [...wanted];
  if (entries.some(([key, value]) => own.has(key) && own.get(key) !== value)) {
    return 'off';
  }
  return entries.every(([key, value]) => own.get(key) === value) ? 'on' : 'maybe';
}

function labelsOf(node: ConfigNode): ReadonlyMap<string, string> {
  return new Map(node.members.map(({ key, text = '' }) => [key, text]));
}
