import { eitherHosts, type Hosts, isCovered, withPorts } from '../covered-hosts.ts';
import type { ConfigNode } from '../documents/config-node.ts';
import { type Finding, finding, findingIf, type Judged, joinJudged } from '../finding.ts';
import type { Gateway } from './gateways.ts';
import { checkCluster, type HttpFilter } from './http-filter.ts';
import { allRoutes } from './routes.ts';
import { typedConfig } from './typed-config.ts';

/** Who is asked, whether always, and whether a route asks somebody else. */
export function checkAsked(gateway: Gateway): Judged {
  return joinJudged(gateway.authz.map(filter => checkOne(filter, gateway)));
}

function checkOne(filter: HttpFilter, gateway: Gateway): Judged {
  const { filters, name, routes } = gateway;
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
        ...(istios && !denies && !selectsAll(istios, gateway)
          ? [`which requests of listener ${name} are checked: the policies of ${istios.get('name').text} select some`]
          : []),
      ],
    },
    ...(routes ? allRoutes(routes).flatMap(({ around }) => around.map(holder => askedInstead(holder, filter))) : []),
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

/** Whether one of its policies is for each request that some host of the routes leads to a model. */
function selectsAll(rbac: ConfigNode, { listener, routes }: Gateway): boolean {
  const port = listener.get('address', 'socket_address', 'port_value').text;
  const taken = hostsTaken(typedConfig(rbac.get('typed_config')).config.get('shadow_rules'), port);
  return domainsOf(routes).every(domain => isCovered(domain, taken));
}

/** Hosts by which a request comes to a route that leads to a model; all where the routes are not in the file. */
function domainsOf(routes: ConfigNode | undefined): readonly string[] {
  const anyPort = routes?.get('ignore_port_in_host_matching').isTrue === true;
  const leading = routes?.get('virtual_hosts').items.filter(host => host.get('routes').items.some(leads));
  const domains = leading?.flatMap(host => host.get('domains').items.map(({ text = '' }) => text)) ?? ['*'];
  return anyPort ? domains.flatMap(withPorts) : domains;
}

function leads(route: ConfigNode): boolean {
  return route.get('route').exists;
}

/** Whether one policy of an RBAC's rules holds for everybody and everything. */
export function holdsForAll(rules: ConfigNode): boolean {
  return hostsTaken(rules, undefined) === 'all';
}

/** The hosts for which the policies of an RBAC's rules hold, whoever asks, and for whatever on them. */
function hostsTaken(rules: ConfigNode, port: string | undefined): Hosts {
  const forAll = rules
    .get('policies')
    .members.filter(policy => eitherHosts(policy.get('principals').items.map(it => hostsOf(it, port))) === 'all');
  return eitherHosts(forAll.flatMap(policy => policy.get('permissions').items.map(it => hostsOf(it, port))));
}

function hostsOf(rule: ConfigNode, port: string | undefined): Hosts {
  const both = rulesIn(rule, 'and');
  const either = rulesIn(rule, 'or');
  if (rule.get('any').isTrue || (port !== undefined && rule.get('destination_port').text === port)) {
    return 'all';
  }
  if (rule.get('header', 'name').text === ':authority') {
    return patternOf(rule.get('header'));
  }
  if (either.length > 0) {
    return eitherHosts(either.map(it => hostsOf(it, port)));
  }
  // Of two conditions on hosts nothing is told.
  const narrower = both.map(it => hostsOf(it, port)).filter(hosts => hosts !== 'all');
  return both.length === 0 || narrower.length > 1 ? [] : (narrower[0] ?? 'all');
}

function rulesIn(rule: ConfigNode, how: 'and' | 'or'): readonly ConfigNode[] {
  return [...rule.get(`${how}_rules`, 'rules').items, ...rule.get(`${how}_ids`, 'ids').items];
}

/** Clients may write hosts in capitals. */
function patternOf(header: ConfigNode): Hosts {
  const match = header.get('string_match');
  const [exact, prefix, suffix] = ['exact', 'prefix', 'suffix'].map(name => match.get(name).text);
  const ofAnyCase = match.get('ignore_case').isTrue || header.get('present_match').exists;
  if (header.get('invert_match').isTrue || !ofAnyCase) {
    return [];
  }
  const written = exact ?? (prefix === undefined ? suffix && `*${suffix}` : `${prefix}*`);
  return header.get('present_match').isTrue ? 'all' : written === undefined ? [] : [written];
}
