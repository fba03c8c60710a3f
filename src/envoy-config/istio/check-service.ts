import type { ConfigNode } from '../documents/config-node.ts';
import { type Finding, finding } from '../finding.ts';
import type { KubeObject } from '../kube-object.ts';

/** The Service that a provider asks, where the file has it: Istio learns from its port alone that it speaks HTTP/2. */
export function checkService(provider: ConfigNode, services: readonly KubeObject[]): readonly Finding[] {
  const grpc = provider.get('envoyExtAuthzGrpc');
  const [name, namespace] = (grpc.get('service').text ?? '').replace(/^[^/]*\//, '').split('.');
  return services
    .filter(service => service.name === name && service.namespace === namespace)
    .flatMap(({ spec }) => spec.get('ports').items)
    .filter(port => port.get('port').number === grpc.get('port').number && !speaksHttp2(port))
    .map(port => finding('check-cluster-http1', port.get('appProtocol'), 'appProtocol: kubernetes.io/h2c'));
}

/** `appProtocol` counts before the name. */
function speaksHttp2(port: ConfigNode): boolean {
  const protocol = port.get('appProtocol').text;
  return protocol === undefined
    ? /^(grpc|http2)(-|$)/.test(port.get('name').text ?? '')
    : /^(kubernetes\.io\/h2c|grpc|http2)$/i.test(protocol);
}
