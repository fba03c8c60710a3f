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

/** Checks what a patch writes, and nothing that it leaves out. `path` is where the value goes, in JSON Patch. */
export function checkFragment(value: ConfigNode, limits: Limits, path: readonly string[] = []): readonly Finding[] {
  return settingsOf(value, path).flatMap(setting => checkSetting(setting, limits));
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

function checkSetting({ name, within, node }: Setting, limits: Limits): readonly Finding[] {
  const { bodyBytesMax } = limits;
  switch (name) {
    case 'failureModeAllow':
      return checkFailureMode(node);
    case 'decoderHeaderMutationRules':
      return findingIf(true, 'decision-not-applied', node, `# no ${node.key || name}`);
    case 'disallowedHeaders':
    case 'allowedHeaders':
      return findingIf(isFilter(node), 'headers-withheld', node, `# no ${node.key || name}: Modelgate needs them all`);
    case 'statusOnError':
      return checkStatus(node.get('code'), 'code: ServiceUnavailable');
    case 'upgradeConfigs':
      return findingIf(
        node.items.some(upgrade => upgrade.get('filters').exists),
        'upgrade-past-check',
        node,
        '# no filters in upgrade_configs',
      );
    case 'disabled':
      return findingIf(node.isTrue && isAuthz(node, within), 'check-disabled', node, withoutEntry);
    case 'filterEnabled':
    case 'filterEnabledMetadata':
      return findingIf(
        !node.parent?.get('deny_at_disable', 'default_value').isTrue,
        'check-conditional',
        node,
        `# no ${node.key || name}`,
      );
    case 'shadowMode':
      return findingIf(node.isTrue && isFilter(node), 'check-disabled', node, 'shadow_mode: false');
    case 'localReplyConfig':
      return checkReplies(node);
    case 'clearRouteCache':
      return findingIf(node.isFalse, 'missing-clear-route-cache', node, 'clear_route_cache: true');
    case 'withRequestBody':
      return node.get('max_request_bytes').exists ? checkBody(node, limits) : [];
    case 'maxRequestBytes':
      return findingIf(
        within === 'withRequestBody' && !node.parent?.get('max_request_bytes').exists && node.number !== bodyBytesMax,
        'body-limit-differs',
        node,
        `max_request_bytes: ${bodyBytesMax}`,
      );
    case 'allowPartialMessage':
      return findingIf(node.isFalse, 'body-partial-refused', node, 'allow_partial_message: true');
    case 'packAsBytes':
      return findingIf(node.isFalse, 'body-not-bytes', node, 'pack_as_bytes: true');
    case 'perConnectionBufferLimitBytes':
      return findingIf(
        (node.number ?? Number.POSITIVE_INFINITY) <= bodyBytesMax,
        'buffer-too-small',
        node,
        `per_connection_buffer_limit_bytes: ${roomFor(bodyBytesMax)}`,
      );
    case 'initialStreamWindowSize':
      return checkWindow(node, bodyBytesMax);
    case 'maxStreamDuration':
      return findingIf(node.seconds === 0, 'no-max-stream-duration', node, 'max_stream_duration: 900s');
    case 'headersWithUnderscoresAction':
      return checkUnderscores(node);
    case 'internalAddressConfig':
      return checkInternalAddresses(node);
    case 'internalRedirectPolicy':
      return checkRedirect(node);
    case 'earlyHeaderMutationExtensions':
      return lentBy(node);
    case 'requestMirrorPolicies':
      return findingIf(node.items.length > 0, 'upstream-not-decided', node, '# no request_mirror_policies');
    case 'clusterHeader':
      return findingIf(!isDeciding(node.text), 'upstream-not-decided', node, 'cluster_header: x-modelgate-target');
    case 'useHttpHeader':
      return findingIf(node.isTrue, 'upstream-not-decided', node, 'use_http_header: false');
    case 'httpService':
      return findingIf(isFilter(node) || within === 'checkSettings', 'check-disabled', node, '# no http_service');
    case 'requestHeadersToAdd':
      return node.items
        .filter(entry => isOwnHeader(entry.get('header', 'key').text))
        .map(entry => finding('filter-behind-check', entry, '# no x-modelgate- header: the check writes them'));
    case 'httpFilters':
      return /HttpProtocolOptions$/.test(within) ? checkUpstreamFilters(node, '').findings : [];
    case 'upstreamHttpFilters':
      return checkUpstreamFilters(node, '').findings;
    case 'accessLog':
      return checkAccessLogs(node);
    default:
      return [];
  }
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
