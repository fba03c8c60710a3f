import { settings } from '../../src/config/serve-settings.ts';
import { preparedDirectory, workingCopy } from '../data/data-directory.ts';
import type { Kit } from '../data/kit.ts';
import { inProject } from '../where.ts';
import type { BenchServer } from './bench-server.ts';

const main = inProject('dist', 'src', 'main.js');
/** As `npm start` and the image have it. */
const nodeFlags = ['--max-semi-space-size=2'];

interface Variant {
  readonly name: string;
  readonly flags: readonly string[];
  /** Flags of `serve` without which it is not this variant. */
  readonly needs: readonly string[];
}

/** Each way in which this project's own server is measured. */
const variants: readonly Variant[] = [
  { name: 'modelgate', flags: [], needs: [] },
  { name: 'modelgate-lean', flags: ['--check-transport', 'lean'], needs: ['check-transport'] },
  { name: 'modelgate-grpc-js', flags: ['--check-transport', 'grpc-js'], needs: ['check-transport'] },
];

/** This project, as `modelgate serve` in a process of its own, on a store that holds the kit's tables. */
export function modelgates(kit: Kit): readonly BenchServer[] {
  const flags = new Set(Object.values(settings).map(({ flag }) => flag as string));
  const hasTransports = flags.has('check-transport');
  return variants.map(({ name, flags: own, needs }) => {
    const lacking = needs.find(need => !flags.has(need));
    return {
      name,
      usual: hasTransports === needs.length > 0,
      fast: true,
      judged: 'status',
      changeable: true,
      missing: () => (lacking === undefined ? undefined : `this version has no setting --${lacking}`),
      prepare: async set => void (await preparedDirectory(set, kit.tables(set))),
      launch: async (set, { check, admin }) => {
        const prepared = await preparedDirectory(set, kit.tables(set));
        // What a run writes stays out of the next one; a copy of the big store would cost more than the few uses of keys in it.
        const { data, legacyKey } = set === 'small' ? workingCopy(prepared) : prepared;
        const url = `http://127.0.0.1:${admin}`;
        const listen = ['--check-listen', `127.0.0.1:${check}`, '--admin-listen', `127.0.0.1:${admin}`];
        return {
          command: [process.execPath, ...nodeFlags, main, 'serve', '--data', data, ...listen, ...own],
          readyUrl: `${url}/readyz`,
          admin: { url, legacyKey },
        };
      },
    };
  });
}
