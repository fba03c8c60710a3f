import type { ConfigNode } from '../documents/config-node.ts';
import type { Gateway } from './gateways.ts';
import { unknownMembers } from './known-members.ts';
import { typedConfig } from './typed-config.ts';

/** Members of a listener and of its chains. */
export function unreadOfListener(listener: ConfigNode): readonly string[] {
  const chains = [...listener.get('filter_chains').items, listener.get('default_filter_chain')];
  return [...unknownMembers('listener', listener), ...chains.flatMap(chain => unknownMembers('filterChain', chain))];
}

/** Members of what asks Modelgate, from the connection manager to the routes' actions. */
export function unreadOfGateway({ manager, filters, authz, routes }: Gateway): readonly string[] {
  const routers = filters.filter(({ kind }) => kind === 'router').map(({ config }) => config);
  return [
    ...unknownMembers('connectionManager', manager),
    ...routers.flatMap(router => unknownMembers('router', router)),
    ...(routes ? unreadOfRoutes(routes, new Set(authz.map(({ name }) => name))) : []),
  ];
}

function unreadOfRoutes(config: ConfigNode, checks: ReadonlySet<string>): readonly string[] {
  const hosts = config.get('virtual_hosts').items;
  const routes = hosts.flatMap(host => host.get('routes').items);
  const actions = routes.map(route => route.get('route'));
  const weighted = actions.flatMap(action => action.get('weighted_clusters', 'clusters').items);
  const settings = [config, ...hosts, ...routes, ...weighted]
    .flatMap(holder => holder.get('typed_per_filter_config').members.filter(({ key }) => checks.has(key)))
    .map(typedConfig)
    .map(({ type, config: own }) => (type.endsWith('.FilterConfig') ? typedConfig(own.get('config')).config : own))
    .map(own => own.get('check_settings'));
  return [
    ...unknownMembers('routeConfiguration', config),
    ...hosts.flatMap(host => unknownMembers('virtualHost', host)),
    ...routes.flatMap(route => unknownMembers('route', route)),
    ...routes.flatMap(route => unknownMembers('routeMatch', route.get('match'))),
    ...actions.flatMap(action => unknownMembers('routeAction', action)),
    ...weighted.flatMap(way => unknownMembers('clusterWeight', way)),
    ...settings.flatMap(setting => unknownMembers('checkSettings', setting)),
  ];
}
