import type { KubeObject } from './kube-objects.ts';

/** Where the parts behind the Services listen, all on loopback. */
export interface Backends {
  readonly modelgate: number;
  readonly fraud: number;
  readonly churn: number;
}

/** What a cluster has besides the manifests: namespaces, and Services with their endpoints. */
export function clusterObjects(backends: Backends): KubeObject[] {
  const namespaces = ['models', 'istio-system', 'istio-ingress', 'envoy-gateway-system'].map(name => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
  }));
  return [
    ...namespaces,
    ...modelgateService(backends, { name: 'grpc', appProtocol: 'kubernetes.io/h2c' }),
    ...service('fraud', '10.0.0.2', { name: 'http', port: 8080 }, backends.fraud),
    ...service('churn', '10.0.0.3', { name: 'http', port: 8080 }, backends.churn),
  ];
}

/** Modelgate's Service, with the port's name and protocol. */
export function modelgateService(
  { modelgate }: Backends,
  port: { readonly name: string; readonly appProtocol?: string },
): KubeObject[] {
  return service('modelgate', '10.0.0.1', { ...port, port: 9191 }, modelgate);
}

interface Port {
  readonly name: string;
  readonly port: number;
  readonly appProtocol?: string;
}

function service(name: string, clusterIP: string, port: Port, listens: number): KubeObject[] {
  const namespace = 'models';
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: {
        type: 'ClusterIP',
        clusterIP,
        clusterIPs: [clusterIP],
        ipFamilies: ['IPv4'],
        ports: [{ ...port, protocol: 'TCP', targetPort: listens }],
      },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: `${name}-1`, namespace, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['127.0.0.1'], conditions: { ready: true, serving: true, terminating: false } }],
      ports: [{ ...port, protocol: 'TCP', port: listens }],
    },
  ];
}
