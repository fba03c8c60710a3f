import type { Put } from '../../src/changes/change-set.ts';
import { plainVerdict, type Verdict } from '../property/plain-model.ts';
import type { FuzzCall } from './fuzz-calls.ts';
import { type FuzzSite, rowsOf } from './fuzz-site.ts';

/** A clock may be read so much earlier or later by another process, in milliseconds. */
const clockMs = 20;

/** The site between two changes. */
class Version {
  /** Undefined until the change that made it is acknowledged. */
  revision: number | undefined;
  /** So many rows were changed that checks come in between. */
  readonly isLarge: boolean;
  readonly #rows: readonly Put[];
  readonly #expiries: readonly number[];
  readonly #verdicts = new Map<string, readonly Verdict[]>();

  constructor(site: FuzzSite, isLarge: boolean) {
    this.isLarge = isLarge;
    this.#rows = rowsOf(site);
    this.#expiries = [...site.keys.values()].flatMap(({ expiresAt }) => (expiresAt === null ? [] : [expiresAt]));
  }

  /** What the plain model says; more than one verdict where a key expires between the two instants, or more than one reading is right. */
  verdicts(call: FuzzCall, from: number, to: number): readonly Verdict[] {
    const first = this.#verdictsAt(call, from - clockMs);
    const last =
      this.#expired(from - clockMs) === this.#expired(to + clockMs) ? first : this.#verdictsAt(call, to + clockMs);
    return first === last ? first : [...first, ...last];
  }

  /** It is of no interest any more. */
  forget(): void {
    this.#verdicts.clear();
  }

  #expired(at: number): number {
    return this.#expiries.reduce((sum, expiry) => sum + (expiry <= at ? 1 : 0), 0);
  }

  #verdictsAt(call: FuzzCall, at: number): readonly Verdict[] {
    const key = `${call.number} ${this.#expired(at)}`;
    const known = this.#verdicts.get(key);
    if (known !== undefined) return known;
    const verdicts = call.readings.map(reading => plainVerdict({ rows: this.#rows, ageMs: 0 }, reading, at));
    this.#verdicts.set(key, verdicts);
    return verdicts;
  }
}

/** A check as it was sent: by which version it may be decided at the earliest, and when. */
export interface Sent {
  readonly call: FuzzCall;
  readonly earliest: number;
  readonly at: number;
}

/** Every state that the site had, and which of them may decide a check: from the last acknowledged one at its sending to the last begun at its answer. */
export class History {
  readonly #versions: Version[] = [];
  #acknowledged = 0;
  #revision = 0;
  #forgotten = 0;

  constructor(site: FuzzSite) {
    this.begin(site, false);
  }

  /** A change to this is on its way from now on; the one before it is acknowledged. */
  begin(site: FuzzSite, isLarge: boolean): void {
    this.#versions.push(new Version(site, isLarge));
    for (; this.#forgotten < this.#versions.length - 100; this.#forgotten += 1)
      this.#versions[this.#forgotten]?.forget();
  }

  /** The newest change is acknowledged: what is sent from now on is decided by it, under this revision; where it was not told, under the next. */
  acknowledge(revision: number = this.#revision + 1): void {
    this.#acknowledged = this.#versions.length - 1;
    this.#revision = revision;
    (this.#versions[this.#acknowledged] as Version).revision = revision;
  }

  send(call: FuzzCall): Sent {
    return { call, earliest: this.#acknowledged, at: Date.now() };
  }

  /** What may be answered now that says this revision. */
  allowed({ call, earliest, at }: Sent, revision: number): Verdict[] {
    const now = Date.now();
    const allowed: Verdict[] = [];
    for (let index = earliest; index < this.#versions.length; index += 1) {
      const version = this.#versions[index] as Version;
      const next = this.#versions[index + 1];
      if (revision !== (version.revision ?? this.#revision + 1)) continue;
      allowed.push(...version.verdicts(call, at, now));
      // A large change says its revision when all of it is in force (T33).
      if (next?.isLarge) allowed.push(...next.verdicts(call, at, now));
    }
    return allowed;
  }
}
