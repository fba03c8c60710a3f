import { expect } from 'chai';
import { findEnvoy } from '../../../envoy/find-envoy.ts';
import { dataDirectory } from '../../support/data-directory.ts';
import { inParallel } from '../../support/in-parallel.ts';
import { runs } from '../../support/runs.ts';
import { runSeed, seeded } from '../../support/seeded.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { attempts, type Keys } from './attempts.ts';
import type { Mutation } from './config-at.ts';
import { checkMutations } from './mutations/check.ts';
import { filterMutations } from './mutations/filters.ts';
import { listenerMutations } from './mutations/listeners.ts';
import { managerMutations } from './mutations/manager.ts';
import { routeMutations } from './mutations/routes.ts';
import { grpcYes, httpYes, portOf, type Reached, recordingModel } from './recording-models.ts';
import { type Bench, isFound, isOurs, type Outcome, shipped, tryMutation, withPin } from './try-mutation.ts';

const all: readonly Mutation[] = [
  ...routeMutations,
  ...checkMutations,
  ...filterMutations,
  ...managerMutations,
  ...listenerMutations,
];
const seed = runSeed();
/** A pair takes a third of a second. */
const pairsDrawn = 60;
const only = process.env['MODELGATE_TEST_MUTATION'];

const site = {
  users: [{ username: 'ada' }, { username: 'ben' }, { username: 'cora' }],
  projects: [project('risk', 'fraud', ['ben']), project('marketing', 'churn', ['ben', 'cora'])],
};

function project(project_id: string, model_id: string, readers: readonly string[]) {
  const collaborators = readers.map(username => ({ username, permission: 'read' }));
  return { project_id, owner: { username: 'ada' }, collaborators, models: [{ model_id }] };
}

async function keysOf(server: TestServer): Promise<Keys> {
  await server.admin.post('/api/v2/site:apply', site);
  const user = async (name: string) =>
    (await server.admin.post(`/api/v2/users/${name}/v2_keys`, {})).body.api_key as string;
  const model = async (path: string) => (await server.admin.get(`/api/v2/projects/${path}`)).body.access_key as string;
  return {
    cora: await user('cora'),
    ben: await user('ben'),
    churn: await model('marketing/models/churn'),
    fraud: await model('risk/models/fraud'),
  };
}

describe(`T1 T2 T3 T11 T12 T24 ${all.length} mutations of the shipped config, before a real Envoy and the check of configs`, function () {
  this.timeout(600_000);
  let server: TestServer;
  let bench: Bench;
  const closing: (() => void)[] = [];
  const outcomes: Outcome[] = [];

  before(async () => {
    const binary = await findEnvoy();
    server = await startServer();
    const reached: Reached[] = [];
    const note = (it: Reached) => void reached.push(it);
    const servers = await Promise.all([
      recordingModel('fraud', note),
      recordingModel('churn', note),
      grpcYes(),
      httpYes(),
    ]);
    closing.push(...servers.map(it => () => void it.close()));
    const [fraud = 0, churn = 0, grpc = 0, http = 0] = servers.map(portOf);
    const ports = { fraud, churn, grpcYes: grpc, httpYes: http };
    const folder = dataDirectory();
    bench = {
      binary,
      folder,
      checkPort: server.checkPort,
      ports,
      keys: await keysOf(server),
      reached,
      told: new Set(),
    };
  });
  after(async () => {
    for (const close of closing) close();
    await server?.close();
  });

  it('the shipped config itself, and with a pin: no finding, no bypass, and honest calls pass', async () => {
    // What a model is told in one honest call is what it may be told in all.
    await tryMutation(bench, shipped, 'first');
    const [honest] = bench.reached;
    for (const [name, value] of honest?.headers ?? []) if (isOurs(name)) bench.told.add(`${name}: ${value}`);
    expect(bench.told.size).to.be.greaterThan(4);
    const sound = { refused: undefined, bypasses: [], serious: [], warnings: [], works: true };
    for (const mutation of [shipped, withPin]) {
      const { name, ...outcome } = await tryMutation(bench, mutation, 'unchanged');
      expect(outcome, name).to.deep.equal(sound);
    }
  });

  it('every mutation under which an attempt succeeded is an error, or named as not checked', async () => {
    expect(new Set(all.map(({ name }) => name)).size)
      .to.equal(all.length)
      .and.to.be.at.least(200);
    expect(attempts(bench.keys).length).to.be.at.least(12);
    const chosen = all.filter(({ name }) => only === undefined || name.includes(only));
    await inParallel(chosen, 2, async (mutation, at) => {
      outcomes.push(await tryMutation(bench, mutation, `m${at}`));
    });
    report(outcomes);
    const succeeded = outcomes.filter(({ bypasses }) => bypasses.length > 0);
    const missed = succeeded.filter(outcome => !isFound(outcome));
    expect(missed.map(({ name, bypasses, warnings }) => ({ name, bypasses, warnings }))).to.deep.equal([]);
    if (only === undefined) expect(succeeded.length).to.be.at.least(120);
  });

  it('nor is a hole of two changes missed that open nothing by themselves', async function () {
    if (only !== undefined) this.skip();
    const quiet = outcomes.filter(
      ({ bypasses, serious, refused }) => [...bypasses, ...serious].length === 0 && !refused,
    );
    const names = new Set(quiet.map(({ name }) => name));
    const alone = all.filter(({ name }) => names.has(name));
    const random = seeded(seed);
    const draw = () => alone[Math.floor(random() * alone.length)];
    const drawn = Array.from({ length: runs(pairsDrawn) }, () => pairOf(draw(), draw()));
    const tried: Outcome[] = [];
    await inParallel(drawn, 2, async (mutation, at) => {
      tried.push(await tryMutation(bench, mutation, `p${at}`));
    });
    const started = tried.filter(({ refused }) => refused === undefined);
    const opened = started.filter(({ bypasses }) => bypasses.length > 0);
    console.log(
      `      ${tried.length} pairs (seed ${seed}): Envoy starts on ${started.length}, an attempt succeeded on ${opened.length}`,
    );
    expect(opened.filter(outcome => !isFound(outcome)).map(({ name, bypasses }) => ({ name, bypasses }))).to.deep.equal(
      [],
    );
  });
});

/** Both changes; where the second finds no place any more, the first alone. */
function pairOf(first: Mutation = withPin, second: Mutation = withPin): Mutation {
  const bend: Mutation['bend'] = at => {
    first.bend(at);
    try {
      second.bend(at);
    } catch (fault) {
      if (!(fault instanceof TypeError)) throw fault;
    }
  };
  return { name: `${first.name}, and ${second.name}`, bend };
}

function report(outcomes: readonly Outcome[]): void {
  const started = outcomes.filter(({ refused }) => refused === undefined);
  const bypassed = started.filter(({ bypasses }) => bypasses.length > 0);
  const harmless = started.filter(({ bypasses }) => bypasses.length === 0);
  const count = (list: readonly Outcome[], test: (it: Outcome) => boolean) => list.filter(test).length;
  const found = ({ serious }: Outcome) => serious.length > 0;
  const lines = [
    `${outcomes.length} mutations: Envoy refuses ${outcomes.length - started.length}, starts on ${started.length}`,
    `an attempt succeeded on ${bypassed.length}: ${count(bypassed, isFound)} found, ${count(bypassed, it => !isFound(it))} missed`,
    `none succeeded on ${harmless.length}: ${count(harmless, found)} found as error or not checked, ${count(harmless, it => !found(it) && it.warnings.length > 0)} warned of, ${count(harmless, it => !found(it) && it.warnings.length === 0)} without a finding`,
    ...outcomes
      .filter(({ refused }) => refused !== undefined)
      .map(it => `refused by Envoy: ${it.name}: ${it.refused} [${[...it.serious, ...it.warnings].join('; ')}]`),
    ...bypassed
      .filter(it => !isFound(it))
      .map(it => `MISSED: ${it.name} [${it.warnings.join('; ')}]: ${it.bypasses.slice(0, 4).join('; ')}`),
    ...harmless.filter(found).map(it => `found, though no attempt succeeded: ${it.name} [${it.serious.join('; ')}]`),
    ...harmless
      .filter(it => !it.works && !found(it))
      .map(it => `breaks honest calls: ${it.name} [${it.warnings.join('; ')}]`),
    ...(process.env['MODELGATE_TEST_MUTATION'] === undefined
      ? []
      : outcomes.map(it => `${it.name}: ${JSON.stringify(it, null, 1)}`)),
  ];
  console.log(lines.map(line => `      ${line}`).join('\n'));
}
