import { isUtf8 } from 'node:buffer';
import { readLength } from '../../credentials/read-length.ts';
import type { CheckCall } from '../check-call.ts';
import { CheckRequestPlaces } from './check-request-places.ts';
import type { HeaderName } from './header-slots.ts';

/** Longest request id that is repeated to the client; Envoy's own are UUIDs. */
const requestIdLengthMax = 128;
const requestIdPattern = /^[\x21-\x7e]*$/;
const grpcContentType = 'application/grpc';
const QUESTION_MARK = 0x3f;
const nothing = Buffer.alloc(0);

/**
 * The call in the bytes of a CheckRequest, read where they lie: text is made of them when it is asked for. It is used for
 * one check after another, and answers only until the next, or until the bytes are used for something else.
 */
export class CheckRequestView implements CheckCall {
  readonly #places = new CheckRequestPlaces();
  #bytes: Buffer = nothing;

  /** Reads the CheckRequest between two places; false where the bytes are none. Fields that are missing read as empty. */
  read(bytes: Buffer, start: number, end: number): boolean {
    this.#bytes = bytes;
    return this.#places.find(bytes, start, end);
  }

  header(name: HeaderName): string | undefined {
    return this.#places.headers.text(name);
  }

  get contentLength(): number | undefined {
    const digits = this.#places.headers.decimal('content-length');
    return digits === -1 ? readLength(this.header('content-length')) : digits;
  }

  /** Most paths have no query, and cost no text then. */
  get path(): string {
    const { pathStart, pathEnd } = this.#places;
    for (let at = pathStart; at < pathEnd; at += 1) {
      if (this.#bytes[at] === QUESTION_MARK) return this.#text(pathStart, pathEnd);
    }
    return '';
  }

  get query(): string {
    return this.#text(this.#places.queryStart, this.#places.queryEnd);
  }

  /** The raw body where there is one. A text's bytes that are no UTF-8 become U+FFFD, as in every decoder. */
  get body(): Buffer {
    const { bodyStart, bodyEnd, rawBodyStart, rawBodyEnd } = this.#places;
    if (rawBodyStart < rawBodyEnd) return this.#bytes.subarray(rawBodyStart, rawBodyEnd);
    const text = this.#bytes.subarray(bodyStart, bodyEnd);
    return isUtf8(text) ? text : Buffer.from(text.toString('utf8'));
  }

  get pin(): string | undefined {
    const { pinStart, pinEnd } = this.#places;
    return pinStart === -1 ? undefined : this.#text(pinStart, pinEnd);
  }

  get headersWithOwnKeys(): readonly string[] {
    return this.#places.headers.withOwnKeys();
  }

  get requestId(): string {
    const value = this.header('x-request-id') ?? '';
    return value.length <= requestIdLengthMax && requestIdPattern.test(value) ? value : '';
  }

  get callerAddress(): string {
    return this.#text(this.#places.callerAddressStart, this.#places.callerAddressEnd);
  }

  get isGrpc(): boolean {
    return (this.header('content-type') ?? '').toLowerCase().startsWith(grpcContentType);
  }

  #text(start: number, end: number): string {
    return start === end ? '' : this.#bytes.toString('utf8', start, end);
  }
}
