import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Warms up, then measures, with `begin` and `end` on standard output around it, as the kit's loader says them. Answers the
 * CPU time that this process took while `measuring` was told true.
 */
export async function measuredPhase(
  warmUpSeconds: number,
  seconds: number,
  measuring: (is: boolean) => void,
): Promise<NodeJS.CpuUsage> {
  await sleep(warmUpSeconds * 1000);
  process.stdout.write('begin\n');
  measuring(true);
  const before = process.cpuUsage();
  await sleep(seconds * 1000);
  measuring(false);
  const used = process.cpuUsage(before);
  process.stdout.write('end\n');
  return used;
}
