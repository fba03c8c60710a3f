import { writeFileSync } from 'node:fs';
import { chosenPlans, chosenServers } from './choose.ts';
import { compare } from './compare.ts';
import { openKit } from './data/open-kit.ts';
import { type Options, readOptions } from './options.ts';
import { describeMachine, toSentence } from './report/machine.ts';
import { disturbance, loaderLimits } from './report/quiet.ts';
import { toRow } from './report/rows.ts';
import { note, warn } from './report/say.ts';
import { legend, toGatewayTable, toOwnTable, toTable } from './report/table.ts';
import { pinOurselves } from './servers/pinning.ts';
import { takeTurn } from './turn.ts';

/** `npm run bench`: see bench/README.md. */
process.exitCode = await run(await readOptions(process.argv.slice(2))).catch(cause => {
  warn(cause instanceof Error ? cause.message : String(cause));
  return 2;
});

/** Answers the exit code: 1 where a server failed or answered wrongly. Rejects where nothing can be measured. */
async function run(options: Options): Promise<number> {
  const plans = chosenPlans(options);
  await takeTurn();
  const sets = [...new Set(plans.map(({ set }) => set))];
  const { kit, servers: known } = await openKit(options.peers, sets);
  const servers = chosenServers(known, options);
  for (const server of servers) {
    for (const set of sets.filter(each => server.sets?.includes(each) !== false)) {
      await server.prepare(set);
    }
  }
  pinOurselves(options.nice);
  const { rounds, seconds, warmUpSeconds } = options;
  note(`${plans.length} plans, ${servers.map(({ name }) => name).join(', ')}; ${rounds} × ${seconds} s each`);
  const { measured, faults } = await compare(plans, servers, rounds, { kit, seconds, warmUpSeconds });
  const machine = describeMachine();
  const heading = `${toSentence(machine)}; ${rounds} rounds of ${seconds} s; ratios to ${options.baseline}.`;
  const all = [toTable(measured, options.baseline), toOwnTable(measured), toGatewayTable(measured)];
  const parts = [heading, disturbance(measured), loaderLimits(measured), legend(plans), ...all].filter(
    part => part !== '',
  );
  process.stdout.write(`${parts.join('\n\n')}\n`);
  writeJson(options.json, { machine, rows: measured.map(toRow) });
  writeJson(options.samples, {
    machine,
    samples: measured.map(({ plan, server, rounds: all }) => ({ plan, server: server.name, rounds: all })),
  });
  if (faults.length > 0) {
    warn(`the run failed:\n${faults.map(fault => `   ${fault}`).join('\n')}`);
  }
  return faults.length > 0 ? 1 : 0;
}

function writeJson(file: string | undefined, content: object): void {
  if (file !== undefined) {
    writeFileSync(file, `${JSON.stringify(content, undefined, 1)}\n`);
  }
}
