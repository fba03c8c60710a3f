import { eitherHosts, type Hosts, isCovered, withPorts } from '../covered-hosts.ts';
import type { ConfigNode } from '../documents/config-node.ts';
import { type Finding, finding, findingIf, type Judged } from '../finding.ts';
import { leadingRules } from '../http-routes.ts';
import { describeObject, type KubeObject } from '../kube-object.ts';

/** A rule that names paths or callers leaves the rest unchecked; of hosts and ports see checkHosts. */
export function checkPolicy({ spec }: KubeObject): readonly Finding[] {
  const list = spec.get('rules');
  return findingIf(!list.items.some(isByHost), 'check-conditional', list, 'rules: [{}]');
}

/** Policies for some hosts or ports must be for all by which the file's routes lead to a model. */
export function checkHosts(policies: readonly KubeObject[], routes: readonly KubeObject[]): Judged {
  const operations = policies
    .flatMap(({ spec }) => spec.get('rules').items)
    .filter(isByHost)
    .flatMap(operationsOf);
  const anyPort = operations.filter(operation => !operation.get('ports').exists);
  const [first] = policies;
  const missed = (by: readonly ConfigNode[]) => routes.filter(leadsToModels).flatMap(route => missedOf(route, by));
  if (first === undefined || operations.length === 0 || missed(anyPort).length === 0) {
    return { findings: [], notChecked: [] };
  }
  const write = (host: string) =>
    `hosts: [${withPorts(host)
      .map(it => JSON.stringify(it))
      .join(', ')}] # or rules: [{}]`;
  return {
    findings: missed(operations)
      .slice(0, 1)
      .map(host => finding('check-conditional', first.spec.get('rules'), write(host))),
    notChecked:
      anyPort.length === operations.length
        ? []
        : [`${describeObject(first)}: whether its gateways listen on other ports`],
  };
}

/** A client may write a port behind the host, and the route is the same. */
function missedOf({ spec }: KubeObject, operations: readonly ConfigNode[]): readonly string[] {
  const taken = eitherHosts(operations.map(hostsOf));
  const named = [...spec.get('hosts').items, ...spec.get('hostnames').items].map(({ text = '' }) => text);
  const hosts = named.length > 0 ? named : ['*'];
  return hosts.filter(host => withPorts(host).some(pattern => !isCovered(pattern, taken)));
}

function hostsOf(operation: ConfigNode): Hosts {
  const hosts = operation.get('hosts');
  return hosts.exists ? hosts.items.map(({ text = '' }) => text) : 'all';
}

/** What a rule is for; an empty one is for all. */
function operationsOf(rule: ConfigNode): readonly ConfigNode[] {
  const list = rule.get('to').items.map(to => to.get('operation'));
  return list.length > 0 ? list : [rule.get('to')];
}

function leadsToModels(route: KubeObject): boolean {
  const http = route.spec
    .get('http')
    .items.some(it => ['route', 'mirror', 'mirrors'].some(name => it.get(name).exists));
  return http || leadingRules(route).length > 0;
}

function isByHost(rule: ConfigNode): boolean {
  const operations = rule.get('to').items.map(to => to.get('operation'));
  const byHost = operations.every(({ members }) => members.every(({ key }) => key === 'hosts' || key === 'ports'));
  return !rule.get('from').exists && !rule.get('when').exists && byHost;
}
