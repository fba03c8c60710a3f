import { isDeciding, isOwnHeader } from './decided-upstream.ts';
import type { ConfigNode } from './documents/config-node.ts';
import { canonical } from './documents/config-node.ts';
import { checkAccessLogs } from './envoy/check-access-log.ts';
import { checkAuthzFilter, checkBody, checkFailureMode, checkStatus } from './envoy/check-authz-filter.ts';
import { checkUpstreamFilters } from './envoy/check-filters-around.ts';
import { lentBy } from './envoy/check-lending.ts';
import { checkInternalAddresses, checkReplies, checkUnderscores, checkWindow } from './envoy/check-manager.ts';
import { checkRedirect, withoutEntry } from './envoy/check-routes.ts';
import { typedConfig } from './envoy/typed-config.ts';
import { type Finding, finding, findingIf, type Limits, roomFor } from './finding.ts';

/** One member of a patch, known by its name: the whole that it becomes part of is not in the file. */
interface Setting {
  readonly name: string;
  /** The member's name around it. */
  readonly within: string;
  readonly node: ConfigNode;
}

type Judge = (setting: Setting, limits: Limits) => readonly Finding[];

/** Checks what a patch writes, and nothing that it leaves out. `path` is where the value goes, in JSON Patch. */
export function checkFragment(value: ConfigNode, limits: Limits, path: readonly string[] = []): readonly Finding[] {
  return settingsOf(value, path).flatMap(setting =>
    isJudged(setting.name) ? (judges[setting.name]?.(setting, limits) ?? []) : [],
  );
}

/** The names of settings that a patch switches on or gives a number, text or list. */
export function settingsOf(value: ConfigNode, path: readonly string[] = []): readonly Setting[] {
  return [...value.walk()]
    .map(node => ({
      node,
      name: canonical(node === value ? (path.at(-1) ?? '') : node.key),
      within: canonical(
        node.parent === value ? (path.at(-1) ?? '') : node === value ? (path.at(-2) ?? '') : (node.parent?.key ?? ''),
      ),
    }))
    .filter(({ name, node }) => name !== '' && node.exists);
}

/** Whether a patch of this setting, in camelCase, is judged by its value. */
export function isJudged(name: string): boolean {
  return Object.hasOwn(judges, name);
}

const ofFilter: Readonly<Record<string, Judge>> = {
  failureModeAllow: ({ node }) => checkFailureMode(node),
  decoderHeaderMutationRules: ({ node, name }) =>
    findingIf(true, 'decision-not-applied', node, `# no ${node.key || name}`),
  disallowedHeaders: checkWithheld,
  allowedHeaders: checkWithheld,
  statusOnError: ({ node }) => checkStatus(node.get('code'), 'code: ServiceUnavailable'),
  disabled: ({ node, within }) => findingIf(node.isTrue && isAuthz(node, within), 'check-disabled', node, withoutEntry),
  filterEnabled: checkCondition,
  filterEnabledMetadata: checkCondition,
  shadowMode: ({ node }) => findingIf(node.isTrue && isFilter(node), 'check-disabled', node, 'shadow_mode: false'),
  clearRouteCache: ({ node }) => findingIf(node.isFalse, 'missing-clear-route-cache', node, 'clear_route_cache: true'),
  httpService: ({ node, within }) =>
    findingIf(isFilter(node) || within === 'checkSettings', 'check-disabled', node, '# no http_service'),
};

const ofBodies: Readonly<Record<string, Judge>> = {
  withRequestBody: ({ node }, limits) => (node.get('max_request_bytes').exists ? checkBody(node, limits) : []),
  maxRequestBytes: ({ node, within }, { bodyBytesMax }) =>
    findingIf(
      within === 'withRequestBody' && !node.parent?.get('max_request_bytes').exists && node.number !== bodyBytesMax,
      'body-limit-differs',
      node,
      `max_request_bytes: ${bodyBytesMax}`,
    ),
  allowPartialMessage: ({ node }) =>
    findingIf(node.isFalse, 'body-partial-refused', node, 'allow_partial_message: true'),
  packAsBytes: ({ node }) => findingIf(node.isFalse, 'body-not-bytes', node, 'pack_as_bytes: true'),
  perConnectionBufferLimitBytes: ({ node }, { bodyBytesMax }) =>
    findingIf(
      (node.number ?? Number.POSITIVE_INFINITY) <= bodyBytesMax,
      'buffer-too-small',
      node,
      `per_connection_buffer_limit_bytes: ${roomFor(bodyBytesMax)}`,
    ),
  initialStreamWindowSize: ({ node }, { bodyBytesMax }) => checkWindow(node, bodyBytesMax),
  // Whether the routes that get it are those of streams is judged with them.
  disableRequestBodyBuffering: () => [],
};

const ofWays: Readonly<Record<string, Judge>> = {
  upgradeConfigs: ({ node }) =>
    findingIf(
      node.items.some(upgrade => upgrade.get('filters').exists),
      'upgrade-past-check',
      node,
      '# no filters in upgrade_configs',
    ),
  internalRedirectPolicy: ({ node }) => checkRedirect(node),
  requestMirrorPolicies: ({ node }) =>
    findingIf(node.items.length > 0, 'upstream-not-decided', node, '# no request_mirror_policies'),
  clusterHeader: ({ node }) =>
    findingIf(!isDeciding(node.text), 'upstream-not-decided', node, 'cluster_header: x-modelgate-target'),
  useHttpHeader: ({ node }) => findingIf(node.isTrue, 'upstream-not-decided', node, 'use_http_header: false'),
  upstreamHttpFilters: ({ node }) => checkUpstreamFilters(node, '').findings,
  httpFilters: ({ node, within }) =>
    /HttpProtocolOptions$/.test(within) ? checkUpstreamFilters(node, '').findings : [],
};

const ofManagers: Readonly<Record<string, Judge>> = {
  localReplyConfig: ({ node }) => checkReplies(node),
  maxStreamDuration: ({ node }) =>
    findingIf(node.seconds === 0, 'no-max-stream-duration', node, 'max_stream_duration: 900s'),
  headersWithUnderscoresAction: ({ node }) => checkUnderscores(node),
  internalAddressConfig: ({ node }) => checkInternalAddresses(node),
  earlyHeaderMutationExtensions: ({ node }) => lentBy(node),
  requestHeadersToAdd: ({ node }) =>
    node.items
      .filter(entry => isOwnHeader(entry.get('header', 'key').text))
      .map(entry => finding('filter-behind-check', entry, '# no x-modelgate- header: the check writes them')),
  requestHeadersToRemove: ({ node }) =>
    [node, ...node.items]
      .filter(({ text }) => isOwnHeader(text))
      .map(name => finding('filter-behind-check', name, '# no x-modelgate- header: the check writes them')),
  accessLog: ({ node }) => checkAccessLogs(node),
};

/** What is judged of a patch wherever it goes, by the setting's name in camelCase. */
const judges: Readonly<Record<string, Judge>> = { ...ofFilter, ...ofBodies, ...ofWays, ...ofManagers };

function checkWithheld({ node, name }: Setting): readonly Finding[] {
  return findingIf(isFilter(node), 'headers-withheld', node, `# no ${node.key || name}: Modelgate needs them all`);
}

function checkCondition({ node, name }: Setting): readonly Finding[] {
  const denies = node.parent?.get('deny_at_disable', 'default_value').isTrue;
  return findingIf(!denies, 'check-conditional', node, `# no ${node.key || name}`);
}

/** Buffers and the like of a cluster are its own; where it leads, and what runs before it, is not. */
export function isOfClusters({ rule }: Finding): boolean {
  return rule === 'upstream-not-decided' || rule === 'filter-behind-check';
}

/** Other filters, such as cors and csrf, have settings of the same names. */
function isFilter({ parent }: ConfigNode): boolean {
  return parent !== undefined && typedConfig(parent).type.endsWith('.ExtAuthz');
}

/** In ExtAuthzPerRoute or a FilterConfig of the check. */
function isAuthz({ parent }: ConfigNode, within: string): boolean {
  const type = parent === undefined ? '' : typedConfig(parent).type;
  return type.endsWith('.ExtAuthzPerRoute') || /ext_?authz/i.test(within);
}

/** A whole ext_authz filter that a patch brings along is checked as one. */
export function checkWholeFilter(value: ConfigNode, limits: Limits): readonly Finding[] {
  const { config } = typedConfig(value.get('typed_config'));
  const metadata = config.get('filter_enabled_metadata');
  const denies = config.get('deny_at_disable', 'default_value').isTrue;
  return [
    ...checkAuthzFilter(config, limits),
    ...findingIf(metadata.exists && !denies, 'check-conditional', metadata, '# no filter_enabled_metadata'),
  ];
}
