import type { ComponentHealth } from '../health/health.ts';
import type { Clock } from './clock.ts';

export interface ClockLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Small corrections are everyday; from here on a person should look. */
const worthTellingMs = 60_000;

/** Tells an operator when the machine's clock was set back: once in the log, and in health as long as it lasts. */
export class ClockWatch {
  readonly #clock: Clock;
  readonly #log: ClockLog;
  #told = false;

  constructor(clock: Clock, log: ClockLog) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Logs what has changed since the last look. */
  look(): void {
    const behindMs = this.#clock.behindMs();
    const isBehind = behindMs > worthTellingMs;
    if (isBehind && !this.#told) {
      const fields = { behind_seconds: Math.round(behindMs / 1000), time: new Date(this.#clock.now()).toISOString() };
      this.#log.warn(
        fields,
        'clock is behind the latest time seen, from which time goes on: see docs/operating.md, The clock',
      );
    } else if (!isBehind && this.#told) {
      this.#log.info({}, 'clock is right again');
    }
    this.#told = isBehind;
  }

  /** Checks go on: no key lives longer because of it, and some may count as expired too early. */
  health(): ComponentHealth {
    const behindMs = this.#clock.behindMs();
    if (behindMs <= worthTellingMs) {
      return { ok: true, detail: 'runs forward' };
    }
    const time = new Date(this.#clock.now()).toISOString();
    const detail = `${Math.round(behindMs / 1000)} s behind the latest time seen: keys expire by ${time}; set the clock, or modelgate accept-clock`;
    return { ok: false, detail, checksGoOn: true };
  }
}
