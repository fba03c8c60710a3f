import type { Json, Slip } from '../support/manifest.ts';
import { type Mutation, mutation } from './mutation.ts';
import { keepsForgedHeaders } from './slips.ts';

const forged = keepsForgedHeaders['envoy-gateway.yaml'] as Slip;
const listener = 'models/models/http';

const patch = (what: string, resource: string, name: string, operation: Json): Slip => ({
  what,
  bend: manifest =>
    manifest.one('EnvoyPatchPolicy', 'modelgate-body').spec.jsonPatches.push({
      type: `type.googleapis.com/envoy.config.${resource}`,
      name,
      operation,
    }),
});

/** What may be patched in. */
export const envoyGatewayPatchMutations: readonly Mutation[] = [
  mutation(
    'opens unanswered',
    forged,
    patch('a patch that lets through what nobody answers', 'listener.v3.Listener', listener, {
      op: 'add',
      jsonPath: "..http_filters[?match(@.name, 'envoy.filters.http.ext_authz.*')].typed_config",
      path: 'failure_mode_allow',
      value: true,
    }),
  ),
  mutation(
    'opens',
    forged,
    patch('a patch that takes the filter out', 'listener.v3.Listener', listener, {
      op: 'remove',
      jsonPath: "..http_filters[?match(@.name, 'envoy.filters.http.ext_authz.*')]",
    }),
  ),
  mutation(
    'closed',
    forged,
    patch('a patch that disables the filter', 'listener.v3.Listener', listener, {
      op: 'add',
      jsonPath: "..http_filters[?match(@.name, 'envoy.filters.http.ext_authz.*')]",
      path: 'disabled',
      value: true,
    }),
  ),
  mutation(
    'opens',
    forged,
    patch('a patch that switches the check off on every route', 'route.v3.RouteConfiguration', listener, {
      op: 'replace',
      jsonPath: '..virtual_hosts..routes[*]',
      path: 'typed_per_filter_config',
      value: {},
    }),
  ),
];
