import type { ConfigNode } from '../documents/config-node.ts';
import { type Finding, finding } from '../finding.ts';
import type { Gateway } from './gateways.ts';
import type { HttpFilter } from './http-filter.ts';

/** Filters that edit path or headers, or run what somebody else wrote. */
const editing = new Set([
  'api_key_auth',
  'aws_lambda',
  'composite',
  'connect_grpc_bridge',
  'credential_injector',
  'dynamic_forward_proxy',
  'dynamic_modules',
  'ext_proc',
  'golang',
  'grpc_json_transcoder',
  'header_mutation',
  'header_to_metadata',
  'lua',
  'oauth2',
  'on_demand',
  'transform',
  'wasm',
]);

export const moveBefore = '# place it before envoy.filters.http.ext_authz, or do without it';

/** After the decision nothing may change what it was made on. */
export function checkFiltersBehind({ filters, authz, routes }: Gateway): readonly Finding[] {
  const first = filters.findIndex(filter => authz.includes(filter));
  const behind = filters.slice(first + 1).filter(filter => !authz.includes(filter));
  return behind
    .filter(filter => mayEdit(filter) && (!filter.disabled || isNamed(filter, routes)))
    .map(({ node }) => finding('filter-behind-check', node, moveBefore));
}

/** The kinds above, and whatever is told to clear the route cache, as jwt_authn may be. */
export function mayEdit({ kind, config }: HttpFilter): boolean {
  return editing.has(kind) || [...config.walk()].some(node => isClearing(node));
}

function isClearing({ key, isTrue }: ConfigNode): boolean {
  return /^clear_?route_?cache$/i.test(key) && isTrue;
}

/** Without its routes at hand, a filter that is off counts as switched on somewhere. */
function isNamed({ name }: HttpFilter, routes: ConfigNode | undefined): boolean {
  return routes === undefined || [...routes.walk()].some(({ key }) => key === name);
}
