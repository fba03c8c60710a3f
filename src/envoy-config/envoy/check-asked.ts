import type { ConfigNode } from '../documents/config-node.ts';
import { type Finding, finding, findingIf, type Judged, joinJudged } from '../finding.ts';
import type { Gateway } from './gateways.ts';
import { checkCluster, type HttpFilter } from './http-filter.ts';
import { modelRoutes } from './routes.ts';
import { typedConfig } from './typed-config.ts';

/** Who is asked, whether always, and whether a route asks somebody else. */
export function checkAsked(gateway: Gateway): Judged {
  return joinJudged(gateway.authz.map(filter => checkOne(filter, gateway)));
}

function checkOne(filter: HttpFilter, { filters, name, routes }: Gateway): Judged {
  const cluster = checkCluster(filter.config);
  const metadata = filter.config.get('filter_enabled_metadata');
  const istios = metadata.exists ? selectionBefore(filter, filters) : undefined;
  const denies = filter.config.get('deny_at_disable', 'default_value').isTrue;
  return joinJudged([
    {
      findings: findingIf(
        metadata.exists && !denies && istios === undefined,
        'check-conditional',
        metadata,
        'deny_at_disable: { default_value: true, runtime_key: modelgate.deny_at_disable }',
      ),
      notChecked: [
        ...(filter.fetched ? [`settings of ${filter.name} of listener ${name}: they come from elsewhere`] : []),
        ...(/modelgate/i.test(filter.name + cluster) || filter.fetched
          ? []
          : [
              `whether ${cluster}, which listener ${name} asks, is Modelgate: neither its name nor the filter's says so`,
            ]),
        ...(istios && !denies && !selectsAll(istios)
          ? [`which requests of listener ${name} are checked: the policies of ${istios.get('name').text} select some`]
          : []),
      ],
    },
    ...(routes ? modelRoutes(routes).flatMap(({ around }) => around.map(holder => askedInstead(holder, filter))) : []),
  ]);
}

/** A route may name another service; only gRPC can be Modelgate's. */
function askedInstead(holder: ConfigNode, filter: HttpFilter): Judged {
  const { type, config } = typedConfig(holder.get('typed_per_filter_config', filter.name));
  const settings = (type.endsWith('.FilterConfig') ? config.get('config') : config).get('check_settings');
  const http = settings.get('http_service');
  const other = checkCluster(settings);
  const findings: readonly Finding[] = http.exists
    ? [finding('check-disabled', http, '# no http_service: Modelgate is asked by gRPC')]
    : [];
  const asks = other !== '' && other !== checkCluster(filter.config);
  return {
    findings,
    notChecked: asks
      ? [`whether ${other}, which ${holder.place.path} asks in place of the filter's, is Modelgate`]
      : [],
  };
}

/** istiod marks what an AuthorizationPolicy selects by an rbac filter in shadow, in front of the check. */
function selectionBefore(filter: HttpFilter, filters: readonly HttpFilter[]): ConfigNode | undefined {
  const metadata = filter.config.get('filter_enabled_metadata');
  const key = metadata.get('path').items[0]?.get('key').text ?? '';
  const before = filters.slice(0, filters.indexOf(filter));
  const found = before.find(({ kind, config }) => {
    const prefix = config.get('shadow_rules_stat_prefix').text ?? '';
    return kind === 'rbac' && config.get('shadow_rules').exists && key.startsWith(prefix);
  });
  return metadata.get('filter').text === 'envoy.filters.http.rbac' ? found?.node : undefined;
}

function selectsAll(rbac: ConfigNode): boolean {
  return holdsForAll(typedConfig(rbac.get('typed_config')).config.get('shadow_rules'));
}

/** Whether one policy of an RBAC's rules holds for everybody and everything. */
export function holdsForAll(rules: ConfigNode): boolean {
  const policies = rules.get('policies').members;
  return policies.some(policy => ['permissions', 'principals'].every(part => policy.get(part).items.some(isAny)));
}

/** Hosts and ports only say which gateway is meant. */
function isAny(rule: ConfigNode): boolean {
  const inner = ['and_rules', 'and_ids'].flatMap(name => [
    ...rule.get(name, 'rules').items,
    ...rule.get(name, 'ids').items,
  ]);
  const either = ['or_rules', 'or_ids'].flatMap(name => [
    ...rule.get(name, 'rules').items,
    ...rule.get(name, 'ids').items,
  ]);
  return (
    rule.get('any').isTrue ||
    rule.get('header', 'name').text === ':authority' ||
    rule.get('destination_port').exists ||
    (inner.length > 0 && inner.every(isAny)) ||
    (either.length > 0 && either.some(isAny))
  );
}
