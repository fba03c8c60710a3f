import type { Json, Slip } from '../support/manifest.ts';
import { istioRoutePatchMutations } from './istio-route-patch-mutations.ts';
import { type Mutation, mutation } from './mutation.ts';
import { keepsForgedHeaders, envoyFilterPatch as patch } from './slips.ts';

const forged = keepsForgedHeaders['istio.yaml'] as Slip;

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

const types = 'type.googleapis.com/envoy.extensions.filters';
const fraud = 'outbound|8080||fraud.models.svc.cluster.local';

/** Changes what the check's filter says. */
const checkPatch = (what: string, config: Json): Slip =>
  patch(what, {
    applyTo: 'HTTP_FILTER',
    match: authzMatch,
    patch: {
      operation: 'MERGE',
      value: { typed_config: { '@type': `${types}.http.ext_authz.v3.ExtAuthz`, ...config } },
    },
  });
const never = { filter_enabled: { default_value: { numerator: 0, denominator: 'HUNDRED' } } };
const denying = { deny_at_disable: { default_value: true, runtime_key: 'modelgate.deny_at_disable' } };

const checkMutations: readonly Mutation[] = [
  mutation('opens', forged, checkPatch('a patch by which nothing is checked', never)),
  mutation(
    'closed',
    forged,
    checkPatch('a patch by which nothing is checked, and all is denied', { ...never, ...denying }),
  ),
  mutation('opens', forged, checkPatch('a patch by which the check only watches', { shadow_mode: true })),
  mutation(
    'opens',
    forged,
    patch('a patch that takes every filter but the router out', {
      applyTo: 'HTTP_FILTER',
      match: { context: 'GATEWAY' },
      patch: { operation: 'REMOVE' },
    }),
    patch('and puts the router back', {
      applyTo: 'HTTP_FILTER',
      match: { context: 'GATEWAY' },
      patch: {
        operation: 'INSERT_FIRST',
        value: { name: 'envoy.filters.http.router', typed_config: { '@type': `${types}.http.router.v3.Router` } },
      },
    }),
  ),
  mutation(
    'opens',
    patch('code in front of the check that calls a model', {
      applyTo: 'HTTP_FILTER',
      match: authzMatch,
      patch: {
        operation: 'INSERT_BEFORE',
        value: {
          name: 'envoy.filters.http.lua',
          typed_config: {
            '@type': `${types}.http.lua.v3.Lua`,
            default_source_code: {
              inline_string: `function envoy_on_request(h) h:httpCall("${fraud}", {[":method"]="GET", [":path"]="/", [":authority"]="m"}, "", 500) end`,
            },
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
export const istioPatchMutations: readonly Mutation[] = [
  ...filterMutations,
  ...checkMutations,
  ...managerMutations,
  ...istioRoutePatchMutations,
];
