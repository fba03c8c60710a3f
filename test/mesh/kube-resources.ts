import type { KubeResource } from './kube-objects.ts';

/** What control planes ask for besides kinds of their own, by API group and version. */
export const builtInResources: readonly KubeResource[] = [
  ...resources('', 'v1', {
    namespaces: 'Namespace!',
    nodes: 'Node!',
    pods: 'Pod',
    services: 'Service',
    endpoints: 'Endpoints',
    configmaps: 'ConfigMap',
    secrets: 'Secret',
    serviceaccounts: 'ServiceAccount',
    events: 'Event',
  }),
  ...resources('apps', 'v1', { deployments: 'Deployment', daemonsets: 'DaemonSet' }),
  ...resources('discovery.k8s.io', 'v1', { endpointslices: 'EndpointSlice' }),
  ...resources('networking.k8s.io', 'v1', { ingresses: 'Ingress', ingressclasses: 'IngressClass!' }),
  ...resources('autoscaling', 'v2', { horizontalpodautoscalers: 'HorizontalPodAutoscaler' }),
  ...resources('policy', 'v1', { poddisruptionbudgets: 'PodDisruptionBudget' }),
  ...resources('coordination.k8s.io', 'v1', { leases: 'Lease' }),
  ...resources('events.k8s.io', 'v1', { events: 'Event' }),
  ...resources('apiextensions.k8s.io', 'v1', { customresourcedefinitions: 'CustomResourceDefinition!' }),
  ...resources('admissionregistration.k8s.io', 'v1', {
    mutatingwebhookconfigurations: 'MutatingWebhookConfiguration!',
    validatingwebhookconfigurations: 'ValidatingWebhookConfiguration!',
  }),
];

/** A kind with `!` belongs to the cluster, not to a namespace. */
function resources(group: string, version: string, kinds: Readonly<Record<string, string>>): KubeResource[] {
  return Object.entries(kinds).map(([plural, kind]) => ({
    group,
    versions: [version],
    plural,
    kind: kind.replace('!', ''),
    namespaced: !kind.endsWith('!'),
    schemas: {},
  }));
}
