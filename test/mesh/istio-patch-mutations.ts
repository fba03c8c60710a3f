import type { Json, Slip } from '../support/manifest.ts';
import { type Mutation, mutation } from './mutation.ts';
import { keepsForgedHeaders } from './slips.ts';

const forged = keepsForgedHeaders['istio.yaml'] as Slip;

const patch = (what: string, added: Json): Slip => ({
  what,
  bend: manifest => manifest.one('EnvoyFilter').spec.configPatches.push(added),
});

const authzMatch = {
  context: 'GATEWAY',
  listener: {
    filterChain: {
      filter: {
        name: 'envoy.filters.network.http_connection_manager',
        subFilter: { name: 'envoy.filters.http.ext_authz' },
      },
    },
  },
};
const filterMutations: readonly Mutation[] = [
  mutation('opens', forged, {
    what: 'the route is not chosen anew',
    bend: manifest => {
      const { spec } = manifest.one('EnvoyFilter');
      spec.configPatches = spec.configPatches.filter((patch: Json) => patch.applyTo !== 'HTTP_FILTER');
    },
  }),
  mutation(
    'opens',
    forged,
    patch('a patch that takes the filter out', {
      applyTo: 'HTTP_FILTER',
      match: authzMatch,
      patch: { operation: 'REMOVE' },
    }),
  ),
  mutation(
    'opens',
    forged,
    patch('a patch that switches the check off on a route', {
      applyTo: 'HTTP_ROUTE',
      match: { context: 'GATEWAY' },
      patch: {
        operation: 'MERGE',
        value: {
          typed_per_filter_config: {
            'envoy.filters.http.ext_authz': {
              '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute',
              disabled: true,
            },
          },
        },
      },
    }),
  ),
  mutation(
    'opens',
    patch('a filter behind the check that sets the header', {
      applyTo: 'HTTP_FILTER',
      match: authzMatch,
      patch: {
        operation: 'INSERT_AFTER',
        value: {
          name: 'envoy.filters.http.header_mutation',
          typed_config: {
            '@type': 'type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation',
            mutations: {
              request_mutations: [
                {
                  append: {
                    header: { key: 'x-modelgate-model', value: 'fraud' },
                    append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
                  },
                },
              ],
            },
          },
        },
      },
    }),
  ),
  mutation(
    'opens unanswered',
    forged,
    patch('a patch that lets through what nobody answers', {
      applyTo: 'HTTP_FILTER',
      match: authzMatch,
      patch: {
        operation: 'MERGE',
        value: {
          typed_config: {
            '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz',
            failure_mode_allow: true,
          },
        },
      },
    }),
  ),
];

const managerPatch = (what: string, config: Json): Slip =>
  patch(what, {
    applyTo: 'NETWORK_FILTER',
    match: {
      context: 'GATEWAY',
      listener: { filterChain: { filter: { name: 'envoy.filters.network.http_connection_manager' } } },
    },
    patch: {
      operation: 'MERGE',
      value: {
        typed_config: {
          '@type':
            'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
          ...config,
        },
      },
    },
  });

const managerMutations: readonly Mutation[] = [
  mutation(
    'opens',
    forged,
    managerPatch('upgrades with filters of their own', {
      upgrade_configs: [
        {
          upgrade_type: 'tunnel',
          filters: [
            {
              name: 'envoy.filters.http.router',
              typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' },
            },
          ],
        },
      ],
    }),
  ),
  mutation(
    'closed',
    forged,
    managerPatch('underscores let through', {
      common_http_protocol_options: { headers_with_underscores_action: 'ALLOW' },
    }),
  ),
];

/** Slips of the EnvoyFilter, and what others may patch in. */
export const istioPatchMutations: readonly Mutation[] = [...filterMutations, ...managerMutations];
