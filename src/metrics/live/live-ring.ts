/** What was counted between one step and the next, and what held at its end. */
export interface LiveStep {
  /** Milliseconds since 1970, of its end. */
  readonly at: number;
  /** Revision of the snapshot; 0: there was none. */
  readonly revision: number;
  /** Age of the snapshot in seconds; undefined: there was none. */
  readonly ageSeconds: number | undefined;
  /** How many of each thing that is counted, in the order of the ring's columns. */
  readonly counts: Float64Array;
}

/** The last steps of one length, in flat columns: a fixed piece of memory, whatever happens. */
export class LiveRing {
  readonly #size: number;
  readonly #width: number;
  readonly #at: Float64Array;
  readonly #revisions: Float64Array;
  readonly #ages: Float32Array;
  readonly #counts: Uint32Array;
  #written = 0;

  constructor(size: number, width: number) {
    this.#size = size;
    this.#width = width;
    this.#at = new Float64Array(size);
    this.#revisions = new Float64Array(size);
    this.#ages = new Float32Array(size);
    this.#counts = new Uint32Array(size * width);
  }

  get bytes(): number {
    return [this.#at, this.#revisions, this.#ages, this.#counts].reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** Takes the place of the oldest where it is full. */
  write({ at, revision, ageSeconds, counts }: LiveStep): void {
    const slot = this.#written % this.#size;
    this.#at[slot] = at;
    this.#revisions[slot] = revision;
    this.#ages[slot] = ageSeconds ?? Number.NaN;
    this.#counts.set(counts, slot * this.#width);
    this.#written += 1;
  }

  /** The steps that ended later than an instant, oldest first. */
  after(instant: number): LiveStep[] {
    const steps: LiveStep[] = [];
    for (let step = Math.max(0, this.#written - this.#size); step < this.#written; step += 1) {
      const slot = step % this.#size;
      if ((this.#at[slot] as number) > instant) {
        steps.push(this.#read(slot));
      }
    }
    return steps;
  }

  #read(slot: number): LiveStep {
    const age = this.#ages[slot] as number;
    return {
      at: this.#at[slot] as number,
      revision: this.#revisions[slot] as number,
      ageSeconds: Number.isNaN(age) ? undefined : age,
      counts: Float64Array.from(this.#counts.subarray(slot * this.#width, (slot + 1) * this.#width)),
    };
  }
}
