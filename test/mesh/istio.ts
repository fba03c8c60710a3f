import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { stringify } from 'yaml';
import { until } from '../support/until.ts';
import { startChild } from './child.ts';
import { type Backends, clusterObjects } from './cluster.ts';
import { startKubeApi } from './kube-api.ts';
import { type KubeObject, readObjects } from './kube-objects.ts';
import { kubeconfig } from './kubeconfig.ts';
import { type Mesh, meshOf, replaceManifests, startMeshEnvoy } from './mesh.ts';

const GATEWAY_PORT = 10080;
const ADMIN_PORT = 15000;
const XDS_PORT = 15010;

/** The labels that Istio's Helm chart gives a gateway whose release is called `istio-ingress`. */
const labels = { app: 'istio-ingress', istio: 'ingress' };

/** Istio's pilot, from a folder with its binary and CRDs, and an Envoy that it configures as an ingress gateway. */
export async function startIstio(folder: string, backends: Backends, manifests: string): Promise<Mesh> {
  const version = basename(folder).replace('pilot-discovery-', '');
  const work = mkdtempSync(join(tmpdir(), 'modelgate-istio-'));
  const api = await startKubeApi();
  for (const object of [...readObjects(join(folder, 'crds')), ...clusterObjects(backends), ...gateway()]) {
    api.store.apply(object);
  }
  replaceManifests(api, '', manifests);
  const pilot = startChild(
    join(folder, 'pilot-discovery'),
    [
      ...['discovery', '--kubeconfig', kubeconfig(work, api.url), '--meshConfig', '/nonexistent'],
      ...['--httpAddr', '127.0.0.1:15080', '--httpsAddr=', '--grpcAddr', `127.0.0.1:${XDS_PORT}`, '--secureGRPCAddr='],
      ...['--monitoringAddr', '127.0.0.1:15014', '--ctrlz_port', '0'],
    ],
    pilotEnvironment,
  );
  const ready = () => fetch('http://127.0.0.1:15080/ready').then(answer => answer.ok);
  await until('pilot is ready', () => ready().catch(() => false)).catch(fault => {
    throw new Error(`${fault}\n${pilot.said()}`);
  });
  const config = join(work, 'envoy.yaml');
  writeFileSync(config, stringify(bootstrap()));
  const envoy = await startMeshEnvoy('--config-path', config);
  return meshOf({
    name: 'Istio',
    version,
    port: GATEWAY_PORT,
    adminPort: ADMIN_PORT,
    api,
    control: pilot,
    envoy,
    manifests,
    work,
  });
}

const pilotEnvironment = {
  POD_NAMESPACE: 'istio-system',
  CLUSTER_ID: 'Kubernetes',
  // Two filters that an Envoy built upstream lacks.
  PILOT_ENABLE_ALPN_FILTER: 'false',
  PILOT_ENABLE_METADATA_EXCHANGE: 'false',
  ENABLE_CA_SERVER: 'false',
  PILOT_CERT_PROVIDER: 'none',
  PILOT_ENABLE_GATEWAY_API: 'false',
  PILOT_ENABLE_ANALYSIS: 'false',
  INJECT_ENABLED: 'false',
  ISTIO_KUBE_CLIENT_CONTENT_TYPE: 'json',
};

function gateway(): KubeObject[] {
  const metadata = (name: string) => ({ name, namespace: 'istio-ingress' });
  return [
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: metadata('models'),
      spec: {
        selector: { istio: 'ingress' },
        servers: [{ port: { number: GATEWAY_PORT, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
      },
    },
    {
      // Else the clusters wait for certificates of pilot-agent, which does not run here.
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: metadata('plain'),
      spec: { host: '*.models.svc.cluster.local', trafficPolicy: { tls: { mode: 'DISABLE' } } },
    },
  ];
}

function bootstrap(): unknown {
  const address = (port_value: number) => ({ socket_address: { address: '127.0.0.1', port_value } });
  const ads = { ads: {}, resource_api_version: 'V3', initial_fetch_timeout: '0s' };
  return {
    node: {
      id: 'router~127.0.0.1~gateway-1.istio-ingress~istio-ingress.svc.cluster.local',
      cluster: 'istio-ingress.istio-ingress',
      metadata: { NAMESPACE: 'istio-ingress', CLUSTER_ID: 'Kubernetes', ISTIO_VERSION: '1.31.0', LABELS: labels },
    },
    admin: { address: address(ADMIN_PORT) },
    dynamic_resources: {
      ads_config: {
        api_type: 'DELTA_GRPC',
        transport_api_version: 'V3',
        grpc_services: [{ envoy_grpc: { cluster_name: 'xds-grpc' } }],
      },
      lds_config: ads,
      cds_config: ads,
    },
    static_resources: {
      clusters: [
        {
          name: 'xds-grpc',
          type: 'STATIC',
          connect_timeout: '1s',
          typed_extension_protocol_options: {
            'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
              '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
              explicit_http_config: { http2_protocol_options: {} },
            },
          },
          load_assignment: {
            cluster_name: 'xds-grpc',
            endpoints: [{ lb_endpoints: [{ endpoint: { address: address(XDS_PORT) } }] }],
          },
        },
      ],
    },
  };
}
