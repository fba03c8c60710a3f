import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { PeersKit } from '../data/peers-kit.ts';
import { readWorkload, writeWorkload } from '../data/workload.ts';
import { note } from '../report/say.ts';
import { benchCache } from '../where.ts';
import { grow } from './grown-requests.ts';
import type { Point, Series } from './series.ts';

const keysPerModel = 50;
const smallSetKeys = 1000;
/** More make no difference to what a check costs, and a file of 1 MiB bodies a large one. */
const requestsMax = 100;

/** The kit with sets of every size, and with requests that have grown; both are kept between runs. */
export function grownKit(kit: PeersKit): PeersKit {
  return {
    ...kit,
    tables: set => tablesOf(kit, set),
    workloadFile: (set, workload) =>
      workload === 'small' ? join(tablesOf(kit, set), 'small.workload') : join(folderOf('requests'), workload),
  };
}

/** The name of the set that has so many keys. */
export function setOf(keys: number): string {
  return keys === smallSetKeys ? 'small' : `${keys}-keys`;
}

/** The name of the requests of a point, made where they are not there. */
export function workloadOf(kit: PeersKit, { name, points }: Series, { label, keys, grown }: Point): string {
  if (Object.keys(grown).length === 0) {
    return 'small';
  }
  const source = kit.workloadFile(setOf(keys), 'small');
  const workload = `${name}-${points.findIndex(point => point.label === label)}-${statSync(source).size}.workload`;
  const file = kit.workloadFile(setOf(keys), workload);
  if (!existsSync(file)) {
    writeWorkload(
      file,
      readWorkload(source)
        .slice(0, requestsMax)
        .map(request => grow(request, grown)),
    );
  }
  return workload;
}

function tablesOf(kit: PeersKit, set: string): string {
  const keys = Number.parseInt(set, 10);
  if (Number.isNaN(keys)) {
    return kit.tables(set);
  }
  const folder = join(folderOf('tables'), set);
  if (!existsSync(join(folder, 'small.workload'))) {
    note(`making tables with ${keys.toLocaleString('en')} keys`);
    const flags = ['-models', String(keys / keysPerModel), '-keys', String(keys), '-large-requests', '1'];
    const { status } = spawnSync(kit.maker, ['-out', folder, ...flags], { stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) {
      throw new Error(`the kit's maker of tables failed for ${set}`);
    }
  }
  return folder;
}

function folderOf(what: string): string {
  const folder = join(benchCache(), what);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
