import yargs from 'yargs';
import { fuzz } from './fuzz.ts';
import { noCounts } from './run.ts';

const options = await yargs(process.argv.slice(2))
  .scriptName('npm run fuzz --')
  .usage(
    '$0 [options]\n\nRandom checks to real servers while their site changes, each answer held against a plain model of the rules.',
  )
  .option('checks', { type: 'number', default: 1_000_000, describe: 'answers to judge' })
  .option('seed', { type: 'number', describe: 'of the first episode; the next ones count up (default: from the time)' })
  .option('minutes', {
    type: 'number',
    default: Number.POSITIVE_INFINITY,
    describe: 'ends after so long at the latest',
  })
  .strict()
  .parse();

const counts = noCounts();
try {
  await fuzz({ ...options, seed: options.seed ?? Date.now() % 2 ** 31, counts, tell: line => console.log(line) });
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault);
  process.exitCode = 1;
}
