import type { Measured } from '../compare.ts';
import { medianOf } from './rows.ts';

/** More than the system itself needs: then whatever else ran had a part in the figures. */
const busyCores = 0.15;

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
