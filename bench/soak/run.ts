import { setTimeout as sleep } from 'node:timers/promises';
import yargs from 'yargs';
import type { Kit } from '../data/kit.ts';
import { openKit } from '../data/open-kit.ts';
import { startChanges } from '../load/change-load.ts';
import { type LoaderResult, runLoader } from '../load/run-loader.ts';
import { describeMachine, toSentence } from '../report/machine.ts';
import { note, warn } from '../report/say.ts';
import { pinOurselves } from '../servers/pinning.ts';
import { type StartedServer, startServer } from '../servers/start-server.ts';
import { takeTurn } from '../turn.ts';
import { defaultPeersFolder } from '../where.ts';
import { type Sample, takeSample } from './sample.ts';
import { judgeSoak } from './verdict.ts';

/** In a run, however long it is: one a minute in an hour. */
const samplesCount = 60;
const connections = 4;
/** Under way on each while it is found out how much the server can do. */
const streams = 16;
const capacitySeconds = 10;
/** Code is still being compiled, and the allocator still takes what it will keep, in the second quarter of less than this. */
const minutesMin = 20;

const options = await yargs(process.argv.slice(2))
  .scriptName('npm run soak --')
  .usage(
    '$0 [options]\n\nHalf of what the server can do, for an hour, while keys come and go: does what it holds stay flat?',
  )
  .option('minutes', { type: 'number', default: 60 })
  .option('set', { type: 'string', default: 'small', describe: 'of tables: small or big' })
  .option('rate', { type: 'number', describe: 'checks per second; default: half of what it can do' })
  .option('changes', { type: 'number', default: 1, describe: 'per second' })
  .option('nice', { type: 'number', default: 0, describe: 'priority of server and loader' })
  .option('peers', { type: 'string', default: defaultPeersFolder(process.env), describe: 'folder of the peers kit' })
  .strict()
  .version(false)
  .parseAsync();

process.exitCode = await soak().catch(cause => {
  warn(cause instanceof Error ? cause.message : String(cause));
  return 2;
});

/** Answers the exit code: 1 where something grew or a check was answered wrongly. */
async function soak(): Promise<number> {
  await takeTurn();
  const { kit, servers } = await openKit(options.peers, [options.set]);
  const server = servers.find(({ usual, name }) => usual && name.startsWith('modelgate'));
  if (server === undefined) {
    throw new Error('there is no server of this project to soak');
  }
  await server.prepare(options.set);
  pinOurselves(options.nice);
  const started = await startServer(server, options.set);
  try {
    const rate = options.rate ?? Math.round((await load(kit, started, 0, capacitySeconds)).rps / 2);
    note(`${rate} checks and ${options.changes} changes per second for ${options.minutes} minutes`);
    return report(rate, ...(await underLoad(kit, started, rate)));
  } finally {
    await started.end();
  }
}

function load(kit: Kit, { ports }: StartedServer, rate: number, seconds: number): Promise<LoaderResult> {
  return runLoader({
    command: kit.loader,
    address: `127.0.0.1:${ports.check}`,
    workloadFile: kit.workloadFile(options.set, 'small'),
    plan: { connections, streams: rate > 0 ? 0 : streams, rate },
    judged: 'status',
    warmUpSeconds: 0,
    seconds,
    onPhase: () => undefined,
  });
}

/** The load, in parts of one sample each: so loaders stay small, and connections come and go. */
async function underLoad(kit: Kit, started: StartedServer, rate: number): Promise<[Sample[], LoaderResult[]]> {
  const changes = started.admin && startChanges(started.admin, { form: 'single', perSecond: options.changes });
  const [samples, results]: [Sample[], LoaderResult[]] = [[], []];
  const seconds = (options.minutes * 60) / samplesCount;
  while (samples.length < samplesCount) {
    const loaded = load(kit, started, rate, seconds);
    await Promise.race([loaded, sleep(seconds * 900)]);
    const sample = await takeSample(started);
    results.push(await loaded);
    started.requireRunning();
    samples.push(sample);
    note(`${samples.length}/${samplesCount}: ${inWords(sample)}`);
  }
  await changes?.stop();
  return [samples, results];
}

function inWords({ resident, heap, external, descriptors }: Sample): string {
  const [r, h, e] = [resident, heap, external].map(value => value.toFixed(1));
  return `${r} MiB resident, heap ${h}, external ${e}, ${descriptors} descriptors`;
}

function report(rate: number, samples: readonly Sample[], results: readonly LoaderResult[]): number {
  const sum = (of: (result: LoaderResult) => number) => results.reduce((all, result) => all + of(result), 0);
  const [checks, wrong, missing] = [
    sum(({ requests }) => requests),
    sum(({ mismatches }) => mismatches),
    sum(({ errors }) => errors),
  ];
  const verdicts = judgeSoak(samples);
  const lines = verdicts.map(
    ({ figure, early, late, isFlat }) =>
      `${figure.padEnd(11)} ${early.toFixed(1)} in the second quarter, ${late.toFixed(1)} in the last half: ${isFlat ? 'flat' : 'GROWN'}`,
  );
  if (options.minutes < minutesMin) {
    warn(
      `${options.minutes} minutes are too few to tell growth from the warm-up: the verdict means something from ${minutesMin} on`,
    );
  }
  const asked = `${checks} checks (${rate} per second asked for), ${wrong} answered wrongly, ${missing} not at all`;
  process.stdout.write(`${toSentence(describeMachine())}\n${asked}\n${lines.join('\n')}\n`);
  return wrong + missing === 0 && verdicts.every(({ isFlat }) => isFlat) ? 0 : 1;
}
