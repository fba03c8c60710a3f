/** Time as all of a process reads it: for deciding, for writing down, and for measuring how old something is. */
export interface Clock {
  /** Milliseconds since 1970, never earlier than what it answered before, over restarts too (T41). */
  now(): number;
  /** Milliseconds of a clock that nobody sets: for ages and waits, not for dates. */
  ticks(): number;
  /** How far the machine's clock stands behind `now`, in milliseconds; 0: it does not. */
  behindMs(): number;
  /** From here on it is at least that late. */
  notBefore(at: number): void;
  /** Takes the machine's clock as right again, although it is behind; answers what `now` is from here on. */
  accept(): number;
}

export interface ClockSources {
  /** What the machine says, in milliseconds since 1970. */
  readonly wall: () => number;
  readonly ticks: () => number;
}

/**
 * A clock that is set back by no more than this stands still until it has caught up, as after every small
 * correction; beyond it, time goes on from the latest instant seen.
 */
const smallCorrectionMs = 60_000;
/** The last instant that RFC 3339 can write: nothing later is a time that was seen. */
const latestWritable = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const machine: ClockSources = { wall: Date.now, ticks: () => performance.now() };

/** The machine's clock, kept from running back, so that a key that has expired stays so. */
export function createClock({ wall, ticks }: ClockSources = machine): Clock {
  let latest = 0;
  let ticksAtLatest = ticks();
  const now = () => {
    const said = wall();
    const tick = ticks();
    if (said >= latest) {
      latest = said;
      ticksAtLatest = tick;
    } else if (said < latest - smallCorrectionMs) {
      latest += Math.max(0, tick - ticksAtLatest);
      ticksAtLatest = tick;
    }
    return Math.floor(latest);
  };
  return {
    now,
    ticks,
    behindMs: () => Math.max(0, now() - wall()),
    notBefore: at => {
      if (at > now() && at <= latestWritable) {
        latest = at;
        ticksAtLatest = ticks();
      }
    },
    accept: () => {
      latest = wall();
      ticksAtLatest = ticks();
      return now();
    },
  };
}
