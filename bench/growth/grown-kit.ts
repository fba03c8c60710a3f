import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Kit } from '../data/kit.ts';
import { readWorkload, writeWorkload } from '../data/workload.ts';
import { benchCache } from '../where.ts';
import { grow } from './grown-requests.ts';
import type { Point, Series } from './series.ts';

/** Sets that other plans have too. */
const named: Readonly<Record<number, string>> = { 1000: 'small', 1000000: 'big' };
/** More make no difference to what a check costs, and a file of 1 MiB bodies a large one. */
const requestsMax = 100;

/** The kit with requests that have grown, which are kept between runs. */
export function grownKit(kit: Kit): Kit {
  return {
    ...kit,
    workloadFile: (set, workload) =>
      workload.includes('.') ? join(folderOf('requests'), workload) : kit.workloadFile(set, workload),
  };
}

/** The name of the set that has so many keys. */
export function setOf(keys: number): string {
  return named[keys] ?? `${keys}-keys`;
}

/** The name of the requests of a point, made where they are not there. */
export function workloadOf(kit: Kit, { name, points }: Series, { label, keys, grown }: Point): string {
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

function folderOf(what: string): string {
  const folder = join(benchCache(), what);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
