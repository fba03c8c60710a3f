import type { DenialReason } from '../../decision/decision.ts';
import { TextColumn } from './text-column.ts';

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

/** Room for a UUID; longer ones are kept all the same. */
const requestIdWidth = 40;
/** Room for an IPv6 address. */
const addressWidth = 48;
/** Room for a Key ID as it is made here. */
const keyIdWidth = 24;

/**
 * The last denials of this process; a new one takes the place of the oldest. What differs from one to the next lies in
 * columns; of reasons and models there is only one text each.
 */
export class DenialRing {
  readonly #capacity: number;
  readonly #at: Float64Array;
  readonly #requestIds: TextColumn;
  readonly #callerAddresses: TextColumn;
  readonly #keyIds: TextColumn;
  readonly #reasons: DenialReason[] = [];
  readonly #modelIds: (string | undefined)[] = [];
  readonly #projectIds: (string | undefined)[] = [];
  #lastId = 0;

  constructor(capacity: number = denialsKept) {
    this.#capacity = capacity;
    this.#at = new Float64Array(capacity);
    this.#requestIds = new TextColumn(capacity, requestIdWidth);
    this.#callerAddresses = new TextColumn(capacity, addressWidth);
    this.#keyIds = new TextColumn(capacity, keyIdWidth);
  }

  add({ at, requestId, reason, modelId, projectId, keyId, callerAddress }: Denial): void {
    const place = this.#lastId % this.#capacity;
    this.#lastId += 1;
    this.#at[place] = at;
    this.#requestIds.set(place, requestId);
    this.#callerAddresses.set(place, callerAddress);
    this.#keyIds.set(place, keyId ?? '');
    this.#reasons[place] = reason;
    this.#modelIds[place] = modelId;
    this.#projectIds[place] = projectId;
  }

  /** Newest first. */
  list(): KeptDenial[] {
    const count = Math.min(this.#lastId, this.#capacity);
    return Array.from({ length: count }, (_, older) => this.#read(this.#lastId - older));
  }

  #read(id: number): KeptDenial {
    const place = (id - 1) % this.#capacity;
    const keyId = this.#keyIds.get(place);
    return {
      id,
      at: this.#at[place] as number,
      requestId: this.#requestIds.get(place),
      reason: this.#reasons[place] as DenialReason,
      modelId: this.#modelIds[place],
      projectId: this.#projectIds[place],
      keyId: keyId === '' ? undefined : keyId,
      callerAddress: this.#callerAddresses.get(place),
    };
  }
}
