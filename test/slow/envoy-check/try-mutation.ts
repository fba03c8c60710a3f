import { setTimeout as sleep } from 'node:timers/promises';
import { EnvoyStartError } from '../../../envoy/errors.ts';
import { renderConfig } from '../../../envoy/render-config.ts';
import { type EnvoyProcess, startEnvoy } from '../../../envoy/run-envoy.ts';
import { UnreadableConfig } from '../../../src/envoy-config/documents/read-documents.ts';
import { check } from '../../support/envoy-config.ts';
import { inParallel } from '../../support/in-parallel.ts';
import { type Attempt, attempts, attemptsUnanswered, honestCall, type Keys, type Target } from './attempts.ts';
import { configAt, type Mutation, type Ports, pin } from './config-at.ts';
import { forwardTo, type Reached } from './recording-models.ts';

/** Mirrors and the access log (every 50 ms) come after the answer. */
const settleMs = 120;

/** Before what opens no model, such as a key in a log. */
const lesser = 'lesser: ';

/** What all tries share. */
export interface Bench {
  readonly binary: string;
  readonly folder: string;
  readonly checkPort: number;
  readonly ports: Ports;
  readonly keys: Keys;
  /** Everything that reached a model so far; attempts are told apart by their id. */
  readonly reached: Reached[];
  /** Headers of ours that a model gets in an honest call. */
  readonly told: Set<string>;
}

export interface Outcome {
  readonly name: string;
  /** The attempts that succeeded and how, or why Envoy does not start on it. */
  readonly bypasses: readonly string[];
  readonly refused: string | undefined;
  /** Whether an honest call is still answered. */
  readonly works: boolean;
  /** What the check of configs says: errors and what it names as not checked, and apart from them its warnings. */
  readonly serious: readonly string[];
  readonly warnings: readonly string[];
}

/** The shipped config as it is; mutations bend it with a pinned route besides. */
export const shipped: Mutation = { name: 'the shipped config', bend: () => undefined };
export const withPin: Mutation = { name: 'the shipped config with a pinned route', bend: () => undefined };

/** The shipped config with one mutation: what the check of configs says of it, and what real attempts do. */
export async function tryMutation(bench: Bench, mutation: Mutation, run: string): Promise<Outcome> {
  const forwarder = await forwardTo(bench.checkPort);
  const text = await mutated(bench, mutation, forwarder.port);
  const said = verdictOn(text);
  let envoy: EnvoyProcess;
  try {
    envoy = await startEnvoy({ binary: bench.binary, configText: text, quiet: true, concurrency: 1 });
  } catch (fault) {
    await forwarder.cut();
    if (!(fault instanceof EnvoyStartError)) throw fault;
    return { name: mutation.name, bypasses: [], refused: reasonOf(fault.message), works: false, ...said };
  }
  try {
    const target = await targetOf(envoy, bench.ports.fraud);
    const works = (await tryOne(bench, honestCall(bench.keys), target, `${run}-honest`)).reached.includes('churn');
    const first = await tryAll(bench, attempts(bench.keys), target, `${run}-a`);
    await forwarder.cut();
    const last = await tryAll(bench, attemptsUnanswered(bench.keys), target, `${run}-b`);
    const logged = leaked(envoy.accessLog(), bench.keys) ? [`${lesser}a key in the access log`] : [];
    return { name: mutation.name, bypasses: [...first, ...last, ...logged], refused: undefined, works, ...said };
  } finally {
    await envoy.close();
    await forwarder.cut();
  }
}

async function mutated(bench: Bench, mutation: Mutation, checkPort: number): Promise<string> {
  const { ports, folder, keys } = bench;
  const models = { fraud: ports.fraud, churn: ports.churn };
  const edit = (bootstrap: Parameters<typeof configAt>[0]) => {
    if (mutation !== shipped) pin(bootstrap);
    mutation.bend(configAt(bootstrap, ports, folder));
  };
  const common = { gatewayPort: 0, adminPort: 0, check: { host: '127.0.0.1', port: checkPort }, models };
  return (await renderConfig({ ...common, edit })).replaceAll('LENT', keys.ben);
}

function verdictOn(text: string): Pick<Outcome, 'serious' | 'warnings'> {
  try {
    const { findings, notChecked } = check(text);
    const of = (severity: string) => findings.filter(found => found.severity === severity).map(({ rule }) => rule);
    return { serious: [...of('error'), ...notChecked.map(what => `not checked: ${what}`)], warnings: of('warning') };
  } catch (fault) {
    if (!(fault instanceof UnreadableConfig)) throw fault;
    return { serious: [`unreadable: ${fault.message}`], warnings: [] };
  }
}

interface Status {
  readonly name: string;
  readonly local_address: { readonly socket_address?: { readonly port_value: number } };
}

async function targetOf({ adminPort }: EnvoyProcess, fraudPort: number): Promise<Target> {
  const answer = await fetch(`http://127.0.0.1:${adminPort}/listeners?format=json`).catch(() =>
    fetch(`http://127.0.0.2:${adminPort}/listeners?format=json`),
  );
  const { listener_statuses: all } = (await answer.json()) as { listener_statuses: Status[] };
  const portOf = ({ local_address }: Status) => local_address.socket_address?.port_value ?? 0;
  const gateway = all.find(({ name }) => name === 'gateway');
  if (gateway === undefined) throw new Error('Envoy has no listener called gateway');
  return { port: portOf(gateway), others: all.filter(it => it !== gateway).map(portOf), adminPort, fraudPort };
}

async function tryAll(bench: Bench, list: readonly Attempt[], target: Target, run: string): Promise<readonly string[]> {
  const before = bench.reached.length;
  const tried: { attempt: Attempt; id: string; status: number }[] = [];
  await inParallel(list, 8, async (attempt, at) => {
    const id = `${run}-${at}`;
    tried.push({ attempt, id, status: await attempt.send(target, id) });
  });
  await sleep(settleMs);
  const all = bench.reached.slice(before);
  // Other mutations are tried at the same time.
  const unknown = all.filter(({ attempt }) => attempt === '');
  return [
    ...tried.flatMap(({ attempt, id, status }) => {
      const reached = all.filter(({ attempt: by }) => by === id);
      const found = faultsOf(bench, attempt, reached, status);
      return found.map(what => `${attempt.name}: ${what}`);
    }),
    ...unknown.map(({ model }) => `somebody reached ${model}`),
  ];
}

async function tryOne(bench: Bench, attempt: Attempt, target: Target, id: string): Promise<{ reached: string[] }> {
  await attempt.send(target, id);
  return { reached: bench.reached.filter(({ attempt: by }) => by === id).map(({ model }) => model) };
}

function faultsOf(bench: Bench, { allowed }: Attempt, reached: readonly Reached[], status: number): readonly string[] {
  const around = reached.filter(({ model }) => !allowed.includes(model)).map(({ model }) => `reached ${model}`);
  const carried = reached.flatMap(({ headers }) => [
    ...(headers.some(([, value]) => secretsOf(bench.keys).some(key => value.includes(key)))
      ? ['the model got a key']
      : []),
    ...headers
      .filter(([name, value]) => isOurs(name) && !bench.told.has(`${name}: ${value}`))
      .map(([name]) => `the model got a forged ${name}`),
  ]);
  const told =
    allowed.length === 0 && reached.length === 0 && status >= 200 && status < 300 ? [`was told ${status}`] : [];
  return [...new Set([...around, ...carried, ...told])];
}

/** Whether the check of configs said enough: a warning will do where no model was opened. */
export function isFound({ serious, warnings, bypasses }: Outcome): boolean {
  return serious.length > 0 || (warnings.length > 0 && bypasses.every(what => what.startsWith(lesser)));
}

/** As models read names, some of which take `_` for `-`. */
export function isOurs(name: string): boolean {
  return name.replaceAll('_', '-').startsWith('x-modelgate-');
}

function secretsOf({ cora, ben, churn, fraud }: Keys): readonly string[] {
  return [cora, ben, churn, fraud];
}

function leaked(lines: readonly string[], keys: Keys): boolean {
  return lines.some(line => secretsOf(keys).some(key => line.includes(key)));
}

function reasonOf(message: string): string {
  const critical = message.split('\n').filter(line => /\[(critical|error)\]/.test(line));
  return (critical[0] ?? message).replace(/^.*?\] /, '').slice(0, 160);
}
