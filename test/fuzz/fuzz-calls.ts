import fc from 'fast-check';
import type { CheckRequest__Output } from '../../src/check/wire/generated/envoy/service/auth/v3/CheckRequest.ts';
import { decodeCheck, encodeCheck } from '../property/judge.ts';
import type { Claims } from '../property/plain-model.ts';
import { plainReadings } from '../property/plain-readings.ts';
import {
  bodyBytesMax,
  checkRequestOf,
  type HeaderForm,
  type RandomCall,
  randomCall,
} from '../property/random-calls.ts';
import { generations, secretOf } from './random-site.ts';

/** Stands in a header of each call, and is overwritten by the check's own number, which a denial repeats. */
const requestIdLength = 16;
const placeholder = 'request-'.padEnd(requestIdLength, '_');
/** A field that CheckRequest does not have, of bytes. */
const paddingTag = (15 << 3) | 2;
const nothing = Buffer.alloc(0);

/** A call of the pool: its bytes, and how the plain model may read them. */
export class FuzzCall {
  readonly number: number;
  readonly readings: readonly Claims[];
  readonly #bytes: Buffer;
  readonly #requestIdAt: number;

  constructor(number: number, bytes: Buffer) {
    this.number = number;
    this.readings = plainReadings(decodeCheck(bytes) as CheckRequest__Output, bodyBytesMax);
    this.#bytes = bytes;
    this.#requestIdAt = bytes.indexOf(placeholder);
  }

  /** The request with an id of its own, and with so many bytes more, or a few, that mean nothing. */
  bytes(requestId: string, padding: number): Buffer {
    const bytes = Buffer.concat([this.#bytes, padding > 0 ? paddingOf(padding) : nothing]);
    bytes.write(requestId, this.#requestIdAt, 'latin1');
    return bytes;
  }
}

export function requestIdOf(number: number): string {
  return `request-${String(number % 100_000_000).padStart(requestIdLength - 8, '0')}`;
}

/** Random calls in all forms, made once: what they come to differs from one state of the site to the next. */
export function fuzzCalls(seed: number, count: number): FuzzCall[] {
  const form = fc.constantFrom<HeaderForm>('plain', 'value', 'raw_value');
  const drawn = fc.sample(fc.tuple(randomCall, form, fc.nat(generations - 1)), { seed, numRuns: count });
  return drawn.map(([call, headerForm, generation], number) => {
    const request = checkRequestOf(withOwnSecrets(call, generation), headerForm);
    return new FuzzCall(number, encodeCheck(request));
  });
}

function withOwnSecrets({ headers, ...rest }: RandomCall, generation: number): RandomCall {
  const own = (name: string, value: string) =>
    name === 'x-request-id' ? placeholder : value.replace(/\bs\d$/, base => secretOf(base, generation));
  return { ...rest, headers: headers.map(([name, value]) => [name, own(name, value)] as const) };
}

function paddingOf(bytes: number): Buffer {
  const padding = Buffer.alloc(6 + bytes);
  padding[0] = paddingTag;
  // A length of five bytes, however small it is.
  for (let at = 0, left = bytes; at < 5; at += 1, left >>>= 7) padding[1 + at] = (left & 0x7f) | (at < 4 ? 0x80 : 0);
  return padding;
}
