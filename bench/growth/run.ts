import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import yargs from 'yargs';
import { openKit } from '../data/open-kit.ts';
import { type Figures, measure } from '../load/measure.ts';
import { describeMachine, toSentence } from '../report/machine.ts';
import { medianOf } from '../report/rows.ts';
import { note } from '../report/say.ts';
import { toMarkdown } from '../report/table.ts';
import type { BenchServer } from '../servers/bench-server.ts';
import { pinOurselves } from '../servers/pinning.ts';
import { takeTurn } from '../turn.ts';
import { defaultPeersFolder } from '../where.ts';
import { type Chart, toSvg } from './chart.ts';
import { grownKit, setOf, workloadOf } from './grown-kit.ts';
import { allSeries, type Series } from './series.ts';

const options = await yargs(process.argv.slice(2))
  .scriptName('npm run bench:growth --')
  .usage(
    '$0 [options]\n\nCPU time per check against number of keys, size of the body and number of headers, as a plot.',
  )
  .option('series', { type: 'string', describe: `of ${allSeries.map(({ name }) => name).join(', ')}; default: all` })
  .option('servers', { type: 'string', default: '', describe: 'default: this project and rust-handwritten' })
  .option('streams', { type: 'number', default: 16 })
  .option('seconds', { type: 'number', default: 3 })
  .option('rounds', { type: 'number', default: 3 })
  .option('nice', { type: 'number', default: 0, describe: 'priority of server and loader' })
  .option('out', { type: 'string', default: fileURLToPath(new URL('../../../docs/growth.svg', import.meta.url)) })
  .option('peers', { type: 'string', default: defaultPeersFolder(process.env), describe: 'folder of the peers kit' })
  .strict()
  .version(false)
  .parseAsync();

await takeTurn();
const wanted = allSeries.filter(({ name }) => options.series?.split(',').includes(name) !== false);
const sets = [...new Set(wanted.flatMap(({ points }) => points.map(({ keys }) => setOf(keys))))];
const { kit, servers: all } = await openKit(options.peers, sets);
const grown = grownKit(kit);
const named = options.servers.split(',').filter(name => name !== '');
const servers = all.filter(
  server =>
    server.missing() === undefined &&
    (named.length > 0 ? named.includes(server.name) : server.usual && /^(modelgate|rust)/.test(server.name)),
);
for (const server of servers) {
  for (const set of sets) {
    await server.prepare(set);
  }
}
pinOurselves(options.nice);
const charts: Chart[] = [];
for (const series of wanted) {
  charts.push(await chartOf(series));
}
const caption = toSentence(describeMachine());
writeFileSync(options.out, toSvg(charts, caption));
process.stdout.write(`${caption}; CPU µs per check, ${options.streams} streams\n`);
for (const { title, labels, lines } of charts) {
  const rows = lines.map(({ name, values }) => [name, ...values.map(value => value.toFixed(1))]);
  process.stdout.write(`\n${toMarkdown([title, ...labels], rows)}\n`);
}
note(`plot written to ${options.out}`);

/** Each round goes through all points and servers in the reverse of the order before, as the other plans do. */
async function chartOf(series: Series): Promise<Chart> {
  const jobs = series.points.flatMap(point => servers.map(server => ({ point, server, rounds: [] as Figures[] })));
  for (let round = 0; round < options.rounds; round += 1) {
    for (const { point, server, rounds } of round % 2 === 0 ? jobs : jobs.toReversed()) {
      const figures = await measurePoint(server, setOf(point.keys), workloadOf(grown, series, point));
      rounds.push(figures);
      note(`  ${series.name} ${point.label.padEnd(10)} ${server.name.padEnd(20)} ${figures.cpu_us.toFixed(1)} µs`);
    }
  }
  const lines = servers.map(({ name }) => ({
    name,
    values: jobs.filter(({ server }) => server.name === name).map(({ rounds }) => medianOf(rounds, 'cpu_us')),
  }));
  const { title, axis, points } = series;
  return { title, axis, at: points.map(({ value }) => value), labels: points.map(({ label }) => label), lines };
}

/** Rejects where a reply is wrong. */
async function measurePoint(server: BenchServer, set: string, workload: string): Promise<Figures> {
  const { streams, seconds } = options;
  const plan = { name: '', title: '', set, workload, connections: 1, streams, rate: 0, compiledOnly: true };
  const figures = await measure(plan, server, { kit: grown, seconds, warmUpSeconds: 2 });
  if (figures.mismatches + figures.missing > 0) {
    throw new Error(`${server.name} answered wrongly at ${set} ${workload}: ${figures.fault}`);
  }
  return figures;
}
