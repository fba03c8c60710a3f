import { isIPv6 } from 'node:net';

export interface FailureThrottleOptions {
  /** Failures of one source that are free of any wait. */
  readonly burst: number;
  /** Failures that are forgotten in a second. */
  readonly perSecond: number;
  /** Sources that are remembered; beyond, the one whose last failure is oldest is forgotten. */
  readonly sourcesMax: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

interface Failures {
  readonly count: number;
  readonly at: number;
}

/**
 * Slows down whoever fails again and again, by source address. Failures are forgotten at a steady pace,
 * whatever the source does meanwhile, so that nobody is locked out for good.
 */
export class FailureThrottle {
  readonly #options: FailureThrottleOptions;
  readonly #sources = new Map<string, Failures>();

  constructor(options: FailureThrottleOptions) {
    this.#options = options;
  }

  /** Whole seconds until the source may try again; 0: now. */
  waitSeconds(address: string): number {
    const { burst, perSecond } = this.#options;
    const excess = this.#countOf(sourceOf(address)) - (burst - 1);
    return excess > 0 ? Math.ceil(excess / perSecond) : 0;
  }

  failed(address: string): void {
    const source = sourceOf(address);
    // However many came at once, the wait is never longer than for one of them.
    const count = Math.min(this.#options.burst, this.#countOf(source) + 1);
    this.#sources.delete(source);
    this.#sources.set(source, { count, at: this.#options.now() });
    if (this.#sources.size > this.#options.sourcesMax) {
      const [oldest] = this.#sources.keys();
      this.#sources.delete(oldest as string);
    }
  }

  #countOf(source: string): number {
    const known = this.#sources.get(source);
    const forgotten = known && ((this.#options.now() - known.at) / 1000) * this.#options.perSecond;
    return known ? Math.max(0, known.count - (forgotten ?? 0)) : 0;
  }
}

/** How a user is named as a source: a name such as `1::1` is no address, and shares no network with another one. */
export function sourceOfUser(username: string): string {
  return `user ${username}`;
}

/** An IPv4 address, or the /64 of an IPv6 one, within which a host chooses its addresses freely. */
function sourceOf(address: string): string {
  if (!isIPv6(address)) {
    return address;
  }
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) {
    return mapped[1] as string;
  }
  const [head = '', tail = ''] = address.split('::');
  const before = head.split(':').filter(Boolean);
  const after = tail.split(':').filter(Boolean);
  const groups = address.includes('::')
    ? [...before, ...Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0'), ...after]
    : before;
  return groups.slice(0, 4).join(':');
}
