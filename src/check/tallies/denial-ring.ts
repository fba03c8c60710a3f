import type { DenialReason } from '../../decision/decision.ts';

/** One refused call, for the question "why was I refused?" (B48). Holds no secret and nothing of the body. */
export interface Denial {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly requestId: string;
  readonly reason: DenialReason;
  readonly modelId: string | undefined;
  readonly projectId: string | undefined;
  readonly keyId: string | undefined;
  readonly callerAddress: string;
}

/** A denial in the ring; a newer one has a greater id. */
export interface KeptDenial extends Denial {
  readonly id: number;
}

/** Denials that a process keeps. */
export const denialsKept = 10_000;

type Place = { -readonly [Field in keyof KeptDenial]: KeptDenial[Field] };

/**
 * The last denials of this process; a new one takes the place of the oldest, in the same object: what lives as long as a
 * ring goes round would be the costliest of garbage.
 */
export class DenialRing {
  readonly #capacity: number;
  readonly #denials: Place[] = [];
  #next = 0;
  #lastId = 0;

  constructor(capacity: number = denialsKept) {
    this.#capacity = capacity;
  }

  add(denial: Denial): void {
    Object.assign(this.place(), denial);
  }

  /** The place of a new denial, with an id of its own, for the caller to fill at once; all else in it is an older one's. */
  place(): Place {
    const place = this.#denials[this.#next] ?? this.#newPlace();
    this.#lastId += 1;
    place.id = this.#lastId;
    this.#next = this.#next + 1 === this.#capacity ? 0 : this.#next + 1;
    return place;
  }

  /** Newest first. */
  list(): KeptDenial[] {
    const oldestFirst = [...this.#denials.slice(this.#next), ...this.#denials.slice(0, this.#next)];
    return oldestFirst.reverse().map(denial => ({ ...denial }));
  }

  #newPlace(): Place {
    const place: Place = {
      at: 0,
      requestId: '',
      reason: 'check_failed',
      modelId: undefined,
      projectId: undefined,
      keyId: undefined,
      callerAddress: '',
      id: 0,
    };
    this.#denials.push(place);
    return place;
  }
}
