import type { ConfigNode } from './documents/config-node.ts';
import { readDocuments, UnreadableConfig } from './documents/read-documents.ts';
import { checkBootstrap } from './envoy/check-bootstrap.ts';
import { checkEnvoy } from './envoy/check-envoy.ts';
import { mergedResources, type Resources, resourcesOf } from './envoy/gateways.ts';
import { checkEnvoyGateway } from './envoy-gateway/check-envoy-gateway.ts';
import type { Finding, Limits, Report } from './finding.ts';
import { checkIstio } from './istio/check-istio.ts';
import { meshConfigsOf, meshOfConfigMap } from './istio/mesh-configs.ts';
import { describeObject, type KubeObject, kubeObjects } from './kube-object.ts';

/** What the documents of a file are. */
interface Sorted {
  readonly resources: Resources[];
  readonly objects: KubeObject[];
  readonly meshes: ConfigNode[];
}

const istioKinds = new Set(['AuthorizationPolicy', 'EnvoyFilter', 'TrafficExtension', 'VirtualService', 'WasmPlugin']);
const gatewayKinds = new Set([
  'BackendTrafficPolicy',
  'ClientTrafficPolicy',
  'EnvoyExtensionPolicy',
  'EnvoyPatchPolicy',
  'EnvoyProxy',
  'SecurityPolicy',
]);
const routeKinds = new Set(['HTTPRoute', 'GRPCRoute']);
/** What an HTTPRoute may refer to. */
const extensionKinds = new Set(['HTTPRouteFilter', 'Service']);
/** They hold MeshConfig, or say nothing that the check depends on. */
const silentKinds = new Set(['Gateway', 'GatewayClass', 'IstioOperator', 'Namespace', 'ReferenceGrant', 'Service']);

/**
 * Checks a config, whatever of Envoy's, Istio's and Envoy Gateway's forms it has, several documents together. Findings
 * stand in the order of the file. Throws UnreadableConfig where there is nothing in it that could be checked, or a
 * document that is none of these: what was not looked at must not look sound.
 */
export function checkConfig(text: string, limits: Limits): Report {
  const documents = readDocuments(text);
  const { resources, objects, meshes } = sort(documents);
  const istio = objects.filter(({ kind }) => istioKinds.has(kind));
  const routes = objects.filter(({ kind }) => routeKinds.has(kind));
  const gateway = objects.filter(({ kind }) => gatewayKinds.has(kind));
  const extensions = objects.filter(({ kind }) => extensionKinds.has(kind));
  const istios = istio.length + meshes.length > 0;
  const gateways = objects.filter(({ kind, group }) => kind === 'Gateway' && group === 'gateway.networking.k8s.io');
  const beside = objects.filter(
    ({ kind, group }) => kind === 'Service' || (kind === 'Gateway' && group === 'networking.istio.io'),
  );
  const reports = [
    ...(resources.length > 0 ? [checkEnvoy(mergedResources(resources), limits)] : []),
    ...(istios ? [checkIstio([...istio, ...beside, ...(gateway.length > 0 ? [] : routes)], meshes, limits)] : []),
    // Both Istio and Envoy Gateway read the Gateway API's routes.
    ...(gateway.length > 0 || (routes.length > 0 && !istios)
      ? [checkEnvoyGateway([...gateway, ...routes, ...gateways, ...extensions], limits)]
      : []),
  ];
  const report = joined(reports);
  if (report.checked.length === 0) {
    throw new UnreadableConfig(
      'nothing in it could be checked',
      report.notChecked.length > 0 ? report.notChecked : [wanted],
    );
  }
  const findings = [...report.findings, ...documents.flatMap(checkBootstrap)].sort(byPlace);
  return { ...report, findings, notChecked: [...report.notChecked, ...unknownKinds(objects)] };
}

const wanted =
  'give a bootstrap with its listeners, a /config_dump, or the objects of Istio or Envoy Gateway that set up the check';

function sort(documents: readonly ConfigNode[]): Sorted {
  const sorted: Sorted = { resources: [], objects: [], meshes: [] };
  for (const root of documents) {
    const kube = kubeObjects(root);
    const meshes = [...meshConfigsOf(root), ...(kube ?? []).flatMap(meshOfConfigMap)];
    const resources = kube ? undefined : resourcesOf(root);
    if (kube === undefined && meshes.length === 0 && resources === undefined) {
      throw new UnreadableConfig(
        `document ${root.place.document} (line ${root.place.line}) is no config of Envoy, Istio or Envoy Gateway`,
        [wanted],
      );
    }
    sorted.objects.push(...(kube ?? []));
    sorted.meshes.push(...meshes);
    sorted.resources.push(...(resources ? [resources] : []));
  }
  if (documents.length === 0) {
    throw new UnreadableConfig('it is empty', [wanted]);
  }
  return sorted;
}

function joined(reports: readonly Report[]): Report {
  return {
    findings: reports.flatMap(({ findings }) => findings).sort(byPlace),
    checked: reports.flatMap(({ checked }) => checked),
    notChecked: reports.flatMap(({ notChecked }) => notChecked),
  };
}

function byPlace(a: Finding, b: Finding): number {
  return a.line - b.line;
}

function unknownKinds(objects: readonly KubeObject[]): readonly string[] {
  const known = new Set([
    ...istioKinds,
    ...gatewayKinds,
    ...routeKinds,
    ...extensionKinds,
    ...silentKinds,
    'ConfigMap',
  ]);
  return objects
    .filter(({ kind }) => !known.has(kind))
    .map(object => `${describeObject(object)}: it is of no kind that is read here`)
    .concat(objects.filter(isAlias).map(object => `${describeObject(object)}: what its externalName stands for`));
}

/** A Service by which another one gets a second name. */
function isAlias({ kind, spec }: KubeObject): boolean {
  return kind === 'Service' && spec.get('type').text === 'ExternalName';
}
