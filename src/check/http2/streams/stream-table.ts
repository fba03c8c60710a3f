import type { RequestHead } from '../request/request-head.ts';
import { Stream } from './stream.ts';

/** Of streams that we reset: more than may be on their way at once where we are not attacked. */
const latelyMax = 1024;

const noHead: RequestHead = {
  method: '',
  path: '',
  contentType: '',
  contentLength: undefined,
  timeoutMs: undefined,
};

/** The streams of one connection, and what is known of those that are not open (RFC 9113, 5.1). */
export class StreamTable<Call> {
  readonly #open = new Map<number, Stream<Call>>();
  /** The newest stream, kept out of the map: most are answered before the next one begins. Closed while its id is 0. */
  #fresh = new Stream<Call>(noHead);
  #lastId = 0;
  /** Ids between these two were passed over, and can't be opened any more (RFC 9113, 5.1.1). */
  #skippedFrom = 0;
  #skippedTo = 0;
  /** Streams that we reset a moment ago: what is on its way for them is ignored. */
  readonly #lately = new Set<number>();
  /** The highest of those that had to be forgotten: of streams up to it we can't tell, and blame nobody. */
  #forgottenTo = 0;

  /** The highest id that the peer has opened; 0: none. */
  get lastId(): number {
    return this.#lastId;
  }

  /** Streams that are not answered to their end. */
  get size(): number {
    return this.#open.size + (this.#fresh.id === 0 ? 0 : 1);
  }

  find(id: number): Stream<Call> | undefined {
    return this.#fresh.id === id ? this.#fresh : this.#open.get(id);
  }

  *all(): Generator<Stream<Call>> {
    yield* this.#open.values();
    if (this.#fresh.id !== 0) {
      yield this.#fresh;
    }
  }

  /** The peer has begun a stream of this id, whether or not it is taken. */
  noteBegun(id: number): void {
    if (id > this.#lastId + 2) {
      this.#skippedFrom = this.#lastId;
      this.#skippedTo = id;
    }
    this.#lastId = id;
  }

  add(id: number, head: RequestHead, now: number): Stream<Call> {
    if (this.#fresh.id !== 0) {
      this.#open.set(this.#fresh.id, this.#fresh);
      this.#fresh = new Stream(head);
    }
    this.#fresh.reopen(id, head, now);
    return this.#fresh;
  }

  /** The object may stand for another stream from now on. */
  remove(stream: Stream<Call>): void {
    if (stream !== this.#fresh) {
      this.#open.delete(stream.id);
    }
    stream.id = 0;
  }

  /** Nobody has opened it, so nothing may be said on it, by either side (RFC 9113, 5.1 and 6.4). Even ones would be ours. */
  isIdle(id: number): boolean {
    return id > this.#lastId || id % 2 === 0;
  }

  wasSkipped(id: number): boolean {
    return id > this.#skippedFrom && id < this.#skippedTo;
  }

  noteReset(id: number): void {
    this.#lately.add(id);
    if (this.#lately.size > latelyMax) {
      const oldest = this.#lately.values().next().value as number;
      this.#lately.delete(oldest);
      this.#forgottenTo = Math.max(this.#forgottenTo, oldest);
    }
  }

  /** Whether we reset it, or may have, so lately that the peer may not know. */
  wasReset(id: number): boolean {
    return id <= this.#forgottenTo || this.#lately.has(id);
  }
}
