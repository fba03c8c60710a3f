import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { until } from '../support/until.ts';
import { startChild } from './child.ts';
import { type Backends, clusterObjects } from './cluster.ts';
import { type KubeApi, startKubeApi } from './kube-api.ts';
import { type KubeObject, readObjects } from './kube-objects.ts';
import { kubeconfig } from './kubeconfig.ts';
import { type Mesh, meshOf, replaceManifests, startMeshEnvoy } from './mesh.ts';

/** Port 80 of the Gateway, as Envoy Gateway moves it out of what only root may open. */
const GATEWAY_PORT = 10080;
/** Envoy Gateway itself takes Envoy's own ports, 19000 and 19001, when both run on one machine. */
const PORTS_APART = 100;
const ADMIN_PORT = 19000 + PORTS_APART;
/** Envoy Gateway reads its own certificates there and nowhere else. */
const CERTIFICATES = '/certs';

/** Envoy Gateway in its Kubernetes mode, from a folder with its binary and CRDs, and the Envoy that it describes. */
export async function startEnvoyGateway(folder: string, backends: Backends, manifests: string): Promise<Mesh> {
  const version = basename(folder).replace('envoy-gateway-', '');
  const work = mkdtempSync(join(tmpdir(), 'modelgate-envoy-gateway-'));
  const binary = join(folder, 'envoy-gateway');
  execFileSync(binary, ['certgen', '--local', '--config-home', work], { stdio: 'ignore' });
  const certificates = join(work, 'certs');
  cpSync(join(certificates, 'envoy-gateway'), CERTIFICATES, { recursive: true });
  const api = await startKubeApi();
  for (const object of [
    ...readObjects(join(folder, 'crds')),
    ...clusterObjects(backends),
    ...installed(certificates),
  ]) {
    api.store.apply(object);
  }
  replaceManifests(api, '', manifests);
  const config = join(work, 'envoy-gateway.yaml');
  writeFileSync(config, stringify(configuration));
  const control = startChild(binary, ['server', '--config-path', config], {
    KUBECONFIG: kubeconfig(work, api.url),
    ENVOY_GATEWAY_NAMESPACE: 'envoy-gateway-system',
  });
  const bootstrap = await until('Envoy Gateway writes a Deployment', () => bootstrapIn(api, certificates)).catch(
    fault => {
      throw new Error(`${fault}\n${control.said()}`);
    },
  );
  const envoy = await startMeshEnvoy(
    ...['--config-yaml', bootstrap, '--service-cluster', 'models/models', '--service-node', 'envoy-1'],
  );
  return meshOf({
    name: 'Envoy Gateway',
    version,
    port: GATEWAY_PORT,
    adminPort: ADMIN_PORT,
    api,
    control,
    envoy,
    manifests,
    work,
  });
}

const configuration = {
  apiVersion: 'gateway.envoyproxy.io/v1alpha1',
  kind: 'EnvoyGateway',
  gateway: { controllerName: 'gateway.envoyproxy.io/gatewayclass-controller' },
  provider: {
    type: 'Kubernetes',
    kubernetes: { leaderElection: { disable: true }, proxyTopologyInjector: { disabled: true } },
  },
  extensionApis: { enableEnvoyPatchPolicy: true },
};

/** What an installation of Envoy Gateway brings: its class, and the certificates as Secrets. */
function installed(certificates: string): KubeObject[] {
  const secrets = readdirSync(certificates).map(name => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'envoy-gateway-system' },
    type: name.endsWith('hmac') ? 'Opaque' : 'kubernetes.io/tls',
    data: Object.fromEntries(
      readdirSync(join(certificates, name)).map(file => [
        file,
        readFileSync(join(certificates, name, file)).toString('base64'),
      ]),
    ),
  }));
  const gatewayClass = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name: 'envoy-gateway' },
    spec: { controllerName: configuration.gateway.controllerName },
  };
  return [gatewayClass, ...secrets];
}

/** The bootstrap of the proxy's Deployment, with the control plane and the certificates where they are here. */
function bootstrapIn(api: KubeApi, certificates: string): string | undefined {
  const deployments = [...(api.store.table('apps', 'deployments')?.objects.values() ?? [])];
  const containers = deployments.flatMap(deployment => deployment['spec'].template.spec.containers) as {
    args?: string[];
  }[];
  const args = containers.find(({ args }) => args?.includes('--config-yaml'))?.args;
  const text = args?.[args.indexOf('--config-yaml') + 1];
  if (text === undefined) return undefined;
  const bootstrap = parse(text);
  for (const { address } of [bootstrap.admin, ...bootstrap.static_resources.listeners]) {
    address.socket_address.port_value += PORTS_APART;
  }
  for (const cluster of bootstrap.static_resources.clusters) {
    const led = cluster.load_assignment?.endpoints?.[0].lb_endpoints[0].endpoint.address.socket_address;
    if (cluster.name === 'prometheus_stats') led.port_value += PORTS_APART;
    for (const { lb_endpoints } of cluster.load_assignment?.endpoints ?? []) {
      for (const { endpoint } of lb_endpoints) endpoint.address.socket_address.address = '127.0.0.1';
    }
    if (cluster.type === 'STRICT_DNS') cluster.type = 'STATIC';
    const tls = cluster.transport_socket?.typed_config?.common_tls_context;
    if (tls === undefined) continue;
    const [chain, key, ca] = ['tls.crt', 'tls.key', 'ca.crt'].map(file => join(certificates, 'envoy', file));
    delete tls.tls_certificate_sds_secret_configs;
    delete tls.validation_context_sds_secret_config;
    tls.tls_certificates = [{ certificate_chain: { filename: chain }, private_key: { filename: key } }];
    tls.validation_context = { trusted_ca: { filename: ca } };
  }
  return stringify(bootstrap);
}
