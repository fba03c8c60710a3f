import type { Measured } from '../compare.ts';
import { medianOf } from './rows.ts';

/** More than the system itself needs: then whatever else ran had a part in the figures. */
const busyCores = 0.15;

/** Share of its core at which a loader no longer keeps a server busy. */
const fullLoader = 0.9;

/** Which figures tell of the loader more than of the server, in a sentence; empty: none. */
export function loaderLimits(measured: readonly Measured[]): string {
  const limited = measured.filter(({ plan, rounds }) => {
    const share = (medianOf(rounds, 'rps') * medianOf(rounds, 'loader_cpu_us')) / 1e6;
    return !plan.behindEnvoy && share > fullLoader;
  });
  const names = limited.map(({ plan, server }) => `${plan.name} ${server.name}`);
  return names.length === 0 ? '' : `The loader's own core was full, so the server could do more: ${names.join(', ')}.`;
}

/** What else the machine did during the measures, in a sentence. An Envoy of ours is no disturbance. */
export function disturbance(measured: readonly Measured[]): string {
  const rounds = measured.filter(({ plan }) => !plan.behindEnvoy).flatMap(each => each.rounds);
  if (rounds.length === 0) {
    return '';
  }
  const median = medianOf(rounds, 'others_cores');
  const most = Math.max(...rounds.map(({ others_cores }) => others_cores));
  const said = `Other processes took ${median.toFixed(2)} of a core in the middle, ${most.toFixed(2)} at most.`;
  return median > busyCores ? `${said} That is no quiet machine: rely on CPU time per check, and run it again.` : said;
}
