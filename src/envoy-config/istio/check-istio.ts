import type { ConfigNode } from '../documents/config-node.ts';
import { type Finding, finding, findingIf, type Limits, type Report, roomFor } from '../finding.ts';
import { checkCatchAll, leadingRules, usesCheck as routeUsesCheck } from '../http-routes.ts';
import { describeObject, type KubeObject } from '../kube-object.ts';
import { bringsCheck, checkEnvoyFilter, settingsSet } from './check-envoy-filter.ts';
import { checkMeshLogs, checkProvider } from './check-provider.ts';
import { checkVirtualService, usesCheck } from './check-virtual-service.ts';

/** Checks Istio's objects of a file together: what one leaves out, another may say. */
export function checkIstio(objects: readonly KubeObject[], meshes: readonly ConfigNode[], limits: Limits): Report {
  const of = (kind: string) => objects.filter(object => object.kind === kind);
  const policies = of('AuthorizationPolicy').filter(({ spec }) => spec.get('action').text === 'CUSTOM');
  const filters = of('EnvoyFilter');
  const services = of('VirtualService').filter(({ spec }) => spec.get('http').items.length > 0);
  const routes = of('HTTPRoute').concat(of('GRPCRoute'));
  const providers = providersOf(meshes, policies);
  const guards = [
    ...policies.map(({ spec }) => spec),
    ...providers,
    ...filters.filter(bringsCheck).map(({ spec }) => spec),
  ];
  const [guard] = guards;
  const waiting = services.some(usesCheck) || routes.some(routeUsesCheck);
  const routed = services.length + routes.length === 0 || waiting;
  const asked = policies.length > 0 || filters.some(bringsCheck);
  return {
    findings: [
      ...policies.flatMap(checkPolicy),
      ...providers.flatMap(provider => checkProvider(provider, limits)),
      ...filters.flatMap(filter => checkEnvoyFilter(filter, limits)),
      ...meshes.flatMap(checkMeshLogs),
      ...of('WasmPlugin').flatMap(checkWasmPlugin),
      ...services.flatMap(service => (asked ? checkVirtualService(service) : [unguarded(service, 'http')])),
      ...(asked ? checkCatchAll(routes) : routes.filter(leads).map(route => unguarded(route, 'rules'))),
      ...(guard ? checkWhole(guard, settingsSet(filters), meshes, routed, limits) : []),
    ],
    checked: [
      ...[...policies, ...filters, ...services, ...routes].map(describeObject),
      ...providers.map(provider => `extension provider ${provider.get('name').text}`),
    ],
    notChecked: [...unknownProviders(policies, providers), ...(asked ? [] : [noPolicy])],
  };
}

const noPolicy = 'which requests are checked: no AuthorizationPolicy with action CUSTOM is in this file';

/** Those that a CUSTOM policy names; without a policy in the file, all that could be Modelgate. */
function providersOf(meshes: readonly ConfigNode[], policies: readonly KubeObject[]): readonly ConfigNode[] {
  const named = new Set(policies.map(providerName));
  return meshes
    .flatMap(mesh => mesh.get('extensionProviders').items)
    .filter(provider => provider.get('envoyExtAuthzGrpc').exists)
    .filter(provider => policies.length === 0 || named.has(provider.get('name').text));
}

function providerName({ spec }: KubeObject): string | undefined {
  return spec.get('provider', 'name').text;
}

function unknownProviders(policies: readonly KubeObject[], providers: readonly ConfigNode[]): readonly string[] {
  const known = new Set(providers.map(provider => provider.get('name').text));
  return policies
    .filter(policy => !known.has(providerName(policy)))
    .map(policy => `extension provider ${providerName(policy)}: no envoyExtAuthzGrpc of that name is in this file`);
}

/** A rule that names paths or callers leaves the rest unchecked; hosts and ports only say which gateway is meant. */
function checkPolicy({ spec }: KubeObject): readonly Finding[] {
  const list = spec.get('rules');
  return findingIf(!list.items.some(isUnconditional), 'check-conditional', list, 'rules: [{}]');
}

function isUnconditional(rule: ConfigNode): boolean {
  const operations = rule.get('to').items.map(to => to.get('operation'));
  const byHost = operations.every(({ members }) => members.every(({ key }) => key === 'hosts' || key === 'ports'));
  return !rule.get('from').exists && !rule.get('when').exists && byHost;
}

/** Phases AUTHN and AUTHZ run before the check; STATS and none behind it. */
function checkWasmPlugin({ spec }: KubeObject): readonly Finding[] {
  const phase = spec.get('phase');
  return findingIf(!/^AUTH[NZ]$/.test(phase.text ?? ''), 'filter-behind-check', phase, 'phase: AUTHN');
}

function leads(route: KubeObject): boolean {
  return leadingRules(route).length > 0;
}

function unguarded({ spec }: KubeObject, routes: string): Finding {
  return finding(
    'no-ext-authz',
    spec.get(routes),
    '# an AuthorizationPolicy with action: CUSTOM, provider: { name: modelgate }, rules: [{}] on the gateway',
  );
}

/** What no object of Istio's can do wrong alone, and the lack of which shows only in all of them together. */
function checkWhole(
  guard: ConfigNode,
  set: ReadonlySet<string>,
  meshes: readonly ConfigNode[],
  routed: boolean,
  { bodyBytesMax }: Limits,
): readonly Finding[] {
  const connection = meshes.map(mesh => mesh.get('defaultConfig', 'connectionSettings'));
  const says = (patched: string, setting: string) =>
    set.has(patched) || connection.some(settings => settings.get(setting).exists);
  return [
    ...findingIf(
      routed && !set.has('clearRouteCache'),
      'missing-clear-route-cache',
      guard,
      '# an EnvoyFilter that merges clear_route_cache: true into envoy.filters.http.ext_authz (istiod passes clearRouteCache on for no gRPC provider)',
    ),
    ...findingIf(
      !says('headersWithUnderscoresAction', 'httpHeadersWithUnderscoresAction'),
      'underscores-let-through',
      guard,
      '# an EnvoyFilter with common_http_protocol_options: { headers_with_underscores_action: DROP_HEADER }',
    ),
    ...findingIf(
      !says('maxStreamDuration', 'httpMaxStreamDuration'),
      'no-max-stream-duration',
      guard,
      '# an EnvoyFilter with common_http_protocol_options: { max_stream_duration: 900s }',
    ),
    ...findingIf(
      !says('perConnectionBufferLimitBytes', 'listenerPerConnectionBufferLimitBytes'),
      'buffer-too-small',
      guard,
      `# an EnvoyFilter for LISTENER with per_connection_buffer_limit_bytes: ${roomFor(bodyBytesMax)}`,
    ),
    ...connection.flatMap(settings => checkConnection(settings, bodyBytesMax)),
  ];
}

/** Istio 1.31 has some of Envoy's settings in its own API. */
function checkConnection(settings: ConfigNode, bodyBytesMax: number): readonly Finding[] {
  const buffer = settings.get('listenerPerConnectionBufferLimitBytes');
  const window = settings.get('http2InitialStreamWindowSize');
  const underscores = settings.get('httpHeadersWithUnderscoresAction');
  const edge = settings.get('profile').text === 'EDGE';
  const small = (node: ConfigNode) => (node.number ?? (edge ? 0 : Number.POSITIVE_INFINITY)) <= bodyBytesMax;
  const room = roomFor(bodyBytesMax);
  return [
    ...findingIf(small(buffer), 'buffer-too-small', buffer, `listenerPerConnectionBufferLimitBytes: ${room}`),
    ...findingIf(small(window), 'stream-window-too-small', window, `http2InitialStreamWindowSize: ${room}`),
    ...findingIf(
      (underscores.text ?? '').endsWith('_ALLOW'),
      'underscores-let-through',
      underscores,
      'httpHeadersWithUnderscoresAction: HEADERS_WITH_UNDERSCORES_DROP_HEADER',
    ),
  ];
}
