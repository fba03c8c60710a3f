import { isDeciding } from '../decided-upstream.ts';
import type { ConfigNode } from '../documents/config-node.ts';
import { unstable } from '../unstable-routes.ts';
import { isPinnedRoute } from './check-upstream.ts';
import type { Gateway } from './gateways.ts';
import { allRoutes } from './routes.ts';

/** Routes of a virtual host with a pin that a call may leave by what the check takes from it. */
export function unstableRoutes(gateway: Gateway): readonly string[] {
  const { authz, routes } = gateway;
  const hosts = routes?.get('virtual_hosts').items ?? [];
  const anew = authz.some(({ config }) => config.get('clear_route_cache').isTrue);
  const all = routes === undefined || !anew ? [] : allRoutes(routes);
  return hosts.flatMap(host => {
    const own = all.filter(({ around }) => around.includes(host));
    return own.some(route => isPinnedRoute(gateway, route))
      ? own.filter(({ node }) => isUnstable(node.get('match'))).map(({ node }) => unstable(node))
      : [];
  });
}

function isUnstable(match: ConfigNode): boolean {
  const headers = match.get('headers').items.map(header => header.get('name').text ?? '');
  const others = ['query_parameters', 'cookies', 'dynamic_metadata', 'filter_state'].map(name => match.get(name));
  return (
    headers.some(name => !name.startsWith(':') && !isDeciding(name)) || others.some(({ items }) => items.length > 0)
  );
}
