import { isOwnHeader } from '../decided-upstream.ts';
import type { ConfigNode } from '../documents/config-node.ts';
import { type Finding, finding, type Judged, joinJudged } from '../finding.ts';
import { checkStatus } from './check-authz-filter.ts';
import { checkLending } from './check-lending.ts';
import {
  editingKinds,
  harmlessKinds,
  harmlessNames,
  opaqueKinds,
  selectingKinds,
  writingKinds,
} from './filter-kinds.ts';
import type { Gateway } from './gateways.ts';
import { type HttpFilter, httpFilter, kindOf } from './http-filter.ts';

export const moveBefore = '# place it before envoy.filters.http.ext_authz, or do without it';

/** What stands around the check in `http_filters`: in front of it, and behind it up to the models. */
export function checkFiltersAround(gateway: Gateway): Judged {
  const { filters, authz, name, routes } = gateway;
  const first = filters.findIndex(filter => authz.includes(filter));
  const others = (list: readonly HttpFilter[]) =>
    list.filter(filter => !authz.includes(filter) && (!filter.disabled || isNamed(filter, routes)));
  const around = `of listener ${name}`;
  return joinJudged([
    ...others(filters.slice(0, first)).map(filter => checkInFront(filter, around, routes)),
    checkBehind(others(filters.slice(first + 1)), around),
    ...filters.map(({ config }) => checkUpstreamFilters(config.get('upstream_http_filters'), around)),
    ...others(filters).map(checkAnswers),
  ]);
}

/** A filter that a patch brings along, in front of the check or behind it. */
export function checkAddedFilter(filter: HttpFilter, behind: boolean, around: string): Judged {
  return joinJudged([
    behind ? checkBehind([filter], around) : checkInFront(filter, around, undefined),
    checkAnswers(filter),
  ]);
}

/** Whether a filter of this name, or of its kind's, leaves the request's way as it is, whatever its settings are. */
export function isKnownFilter(name: string): boolean {
  const kind = kindOf(name) ?? '';
  return (harmlessKinds.has(kind) && !selectingKinds.has(kind)) || harmlessNames.test(name);
}

/** Filters that run for one upstream alone, behind the check. */
export function checkUpstreamFilters(list: ConfigNode, around: string): Judged {
  return checkBehind(list.items.map(httpFilter), around);
}

/** After the decision nothing may change what it was made on. */
function checkBehind(behind: readonly HttpFilter[], around: string): Judged {
  return {
    findings: behind.filter(mayEdit).map(({ node }) => finding('filter-behind-check', node, moveBefore)),
    notChecked: behind.filter(filter => !mayEdit(filter) && !isKnown(filter)).map(filter => unread(filter, around)),
  };
}

function checkInFront(filter: HttpFilter, around: string, routes: ConfigNode | undefined): Judged {
  const known = isKnown(filter) || (editingKinds.has(filter.kind) && !opaqueKinds.has(filter.kind) && !filter.fetched);
  return { findings: checkLending(filter, routes), notChecked: known ? [] : [unread(filter, around)] };
}

/** A filter that answers in place of the check may tell a refused caller that all is well. */
function checkAnswers({ kind, node, config }: HttpFilter): Judged {
  if (kind !== 'custom_response') {
    return { findings: [], notChecked: [] };
  }
  const codes = [...config.walk()].filter(({ key }) => /^status_?code$/i.test(key));
  const findings: readonly Finding[] = codes.flatMap(code => checkStatus(code, '# a status_code of 400 or more'));
  return {
    findings,
    notChecked: findings.length > 0 ? [] : [`what ${node.get('name').text} answers in place of a refusal`],
  };
}

/** The kinds that edit, whatever is told to clear the route cache, as jwt_authn may be, and who writes a header of ours. */
export function mayEdit({ kind, config }: HttpFilter): boolean {
  return (
    editingKinds.has(kind) ||
    [...config.walk()].some(node => isClearing(node) || (writingKinds.has(kind) && isOwnHeader(node.text)))
  );
}

function isKnown({ kind, name, fetched }: HttpFilter): boolean {
  return !fetched && (harmlessKinds.has(kind) || kind === 'custom_response' || harmlessNames.test(name));
}

function unread({ kind, name, fetched }: HttpFilter, around: string): string {
  const why = fetched
    ? 'its settings come from elsewhere'
    : opaqueKinds.has(kind)
      ? 'what it does stands in code'
      : 'it is of no kind that is known here';
  return `filter ${name || kind} ${around}: ${why}`;
}

function isClearing({ key, isTrue }: ConfigNode): boolean {
  return /^clear_?route_?cache$/i.test(key) && isTrue;
}

/** Without its routes at hand, a filter that is off counts as switched on somewhere. */
export function isNamed({ name }: HttpFilter, routes: ConfigNode | undefined): boolean {
  return routes === undefined || [...routes.walk()].some(({ key }) => key === name);
}
