import yargs from 'yargs';
import { plans } from './plans.ts';
import { defaultPeersFolder } from './where.ts';

export interface Options {
  /** undefined: the usual ones. */
  readonly servers: readonly string[] | undefined;
  readonly plans: readonly string[] | undefined;
  readonly quick: boolean;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly rounds: number;
  readonly baseline: string;
  /** Priority of server and loader, as `nice` counts. */
  readonly nice: number;
  /** Folder of the peers kit. */
  readonly peers: string;
  readonly json: string | undefined;
  readonly samples: string | undefined;
}

const list = (text: string | undefined) => text?.split(',').filter(each => each !== '');

/** Reads the command line; ends the process after `--help` or a fault, as yargs does. */
export async function readOptions(argv: readonly string[]): Promise<Options> {
  const parsed = await yargs(argv)
    .scriptName('npm run bench --')
    .usage(
      '$0 [options]\n\nMeasures this project beside the rivals of the peers kit: the same tables and requests, a fresh process for each ' +
        'measure, the server on core 0 and the loader on core 1, every reply judged, medians over rounds whose order is reversed each time.',
    )
    .option('servers', {
      type: 'string',
      describe: 'names, with commas between; all are listed by a name that is none',
    })
    .option('plans', { type: 'string', describe: 'names, with commas between; default: all of the list below' })
    .option('quick', { type: 'boolean', default: false, describe: 'three plans, one round, two seconds each' })
    .option('seconds', { type: 'number', describe: 'of measuring, after the warm-up (default 4)' })
    .option('warm-up', { type: 'number', default: 2, describe: 'seconds before measuring' })
    .option('rounds', { type: 'number', describe: 'medians are over these (default 3)' })
    .option('baseline', { type: 'string', default: 'rust-handwritten', describe: 'what the ratios refer to' })
    .option('nice', {
      type: 'number',
      default: 0,
      describe: 'priority of server and loader; below 0 (as root) on a machine that others use too',
    })
    .option('peers', {
      type: 'string',
      default: defaultPeersFolder(process.env),
      defaultDescription: 'MODELGATE_PEERS, or ../shared/peers beside this project',
      describe: 'folder of the peers kit',
    })
    .option('json', { type: 'string', describe: 'file for the rows and the machine' })
    .option('samples', { type: 'string', describe: 'file for every figure of every round' })
    .epilogue(`Plans:\n${plans.map(({ name, title }) => `  ${name.padEnd(10)} ${title}`).join('\n')}`)
    .strict()
    .wrap(130)
    .version(false)
    .parseAsync();
  return {
    servers: list(parsed.servers),
    plans: list(parsed.plans),
    quick: parsed.quick,
    seconds: parsed.seconds ?? (parsed.quick ? 2 : 4),
    warmUpSeconds: parsed.warmUp,
    rounds: parsed.rounds ?? (parsed.quick ? 1 : 3),
    baseline: parsed.baseline,
    nice: parsed.nice,
    peers: parsed.peers,
    json: parsed.json,
    samples: parsed.samples,
  };
}
