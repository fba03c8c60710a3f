import { Dice } from './dice.ts';
import { overs, playEpisode } from './episode.ts';
import type { Counts } from './run.ts';

export interface FuzzOptions {
  readonly checks: number;
  /** Of the first episode; each has a seed of its own, so that it can be played alone. */
  readonly seed: number;
  readonly minutes: number;
  readonly counts: Counts;
  /** Told how far it is, every few seconds. */
  readonly tell: (line: string) => void;
}

const checksAnEpisode = 50_000;
const tellMs = 5000;

/** Plays episodes until so many answers are judged. Rejects at the first fault, with the seed of its episode. */
export async function fuzz({ checks, seed, minutes, counts, tell }: FuzzOptions): Promise<void> {
  const begun = performance.now();
  const say = () => tell(told(counts, (performance.now() - begun) / 1000));
  const telling = setInterval(say, tellMs);
  try {
    for (let n = 0; counts.judged < checks && performance.now() - begun < minutes * 60_000; n += 1) {
      const dice = new Dice(seed + n).of(0);
      const over = dice.pick(overs);
      const left = Math.min(checksAnEpisode, checks - counts.judged);
      await playEpisode({ seed: seed + n, checks: left, over, handOvers: dice.between(1, 3), counts });
    }
  } finally {
    clearInterval(telling);
  }
  say();
}

function told(counts: Counts, seconds: number): string {
  const { judged, allowed, cancelled, untaken, changes, largeChanges, handOvers, connections } = counts;
  const rate = Math.round(judged / seconds);
  const checks = `${judged} checks (${allowed} allowed), ${rate} a second, ${cancelled} cancelled, ${untaken} not taken`;
  return `${checks}; ${changes} changes, ${largeChanges} of them large; ${handOvers} hand-overs; ${connections} connections`;
}
