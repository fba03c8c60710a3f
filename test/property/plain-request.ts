import type { CheckRequest__Output } from '../../src/check/wire/generated/envoy/service/auth/v3/CheckRequest.ts';

/** What protobufjs reads otherwise than protobuf's specification has it. */
export type Oddity =
  /** A message that comes twice: protobufjs takes the last, the specification merges. */
  | 'message twice'
  /** A known field in another wire type: protobufjs reads it as if it were the right one. */
  | 'wire type'
  /** A text that is longer than what is there: protobufjs cuts it. */
  | 'text past the end'
  /** More than 10 bytes, or a tag or length above 32 bits: protobufjs drops the rest. */
  | 'long varint'
  | 'field 0'
  /** A group that ends at the tag of another one. */
  | 'group end';

export interface PlainRequest {
  /** undefined where the bytes are no CheckRequest. */
  readonly request: CheckRequest__Output | undefined;
  readonly oddities: ReadonlySet<Oddity>;
}

type Kind = 'text' | 'bytes' | 'varint' | 'map' | Schema | readonly [Schema];
type Schema = { readonly [field: number]: readonly [string, Kind] };
// biome-ignore lint/suspicious/noExplicitAny: a message of any type
type Message = Record<string, any>;

const socketAddress: Schema = { 2: ['address', 'text'], 3: ['portValue', 'varint'] };
const address: Schema = { 1: ['socketAddress', socketAddress] };
const headerValue: Schema = { 1: ['key', 'text'], 2: ['value', 'text'], 3: ['rawValue', 'bytes'] };
const http: Schema = {
  1: ['id', 'text'],
  2: ['method', 'text'],
  3: ['headers', 'map'],
  4: ['path', 'text'],
  5: ['host', 'text'],
  6: ['scheme', 'text'],
  7: ['query', 'text'],
  9: ['size', 'varint'],
  10: ['protocol', 'text'],
  11: ['body', 'text'],
  12: ['rawBody', 'bytes'],
  13: ['headerMap', { 1: ['headers', [headerValue]] }],
};
const attributes: Schema = {
  1: ['source', { 1: ['address', address] }],
  4: ['request', { 2: ['http', http] }],
  10: ['contextExtensions', 'map'],
};
const checkRequest: Schema = { 1: ['attributes', attributes] };
const mapEntry: Schema = { 1: ['key', 'text'], 2: ['value', 'text'] };
const wireTypes = { text: 2, bytes: 2, map: 2, varint: 0 };

class Malformed extends Error {}

/** Reads a CheckRequest as protobuf's specification says, field by field and with no regard to time. */
export function plainRequest(bytes: Buffer): PlainRequest {
  const oddities = new Set<Oddity>();
  try {
    const request = new PlainReader(bytes, oddities).message(checkRequest, {});
    return { request: request as unknown as CheckRequest__Output, oddities };
  } catch (fault) {
    if (!(fault instanceof Malformed)) throw fault;
    return { request: undefined, oddities };
  }
}

class PlainReader {
  readonly #bytes: Buffer;
  readonly #oddities: Set<Oddity>;
  #at = 0;

  constructor(bytes: Buffer, oddities: Set<Oddity>) {
    this.#bytes = bytes;
    this.#oddities = oddities;
  }

  /** Reads to the end, into a message that may hold something from before. */
  message(schema: Schema, into: Message): Message {
    for (const [name, kind] of Object.values(schema)) into[name] ??= emptyOf(kind);
    while (this.#at < this.#bytes.length) {
      const tag = this.#number();
      const [field, wireType] = [Math.floor(tag / 8), tag % 8];
      if (field === 0) this.#refuse('field 0');
      const [name, kind] = schema[field] ?? ['', 'bytes'];
      const isRight = wireType === (typeof kind === 'string' ? wireTypes[kind] : 2);
      if (name === '' || !isRight) {
        if (name !== '') this.#oddities.add('wire type');
        this.#skip(tag);
      } else {
        this.#read(name, kind, into);
      }
    }
    return into;
  }

  #read(name: string, kind: Kind, into: Message): void {
    if (kind === 'varint') {
      into[name] = this.#varint();
    } else if (kind === 'text' || kind === 'bytes') {
      const content = this.#content(kind);
      into[name] = kind === 'text' ? content.toString('utf8') : content;
    } else if (kind === 'map') {
      const { key, value } = this.#inner().message(mapEntry, {});
      Object.defineProperty(into[name], key, { value, enumerable: true, configurable: true, writable: true });
    } else if (Array.isArray(kind)) {
      into[name].push(this.#inner().message(kind[0] as Schema, {}));
    } else {
      if (into[name]) this.#oddities.add('message twice');
      into[name] = this.#inner().message(kind as Schema, into[name] ?? {});
    }
  }

  #inner(): PlainReader {
    return new PlainReader(this.#content('bytes'), this.#oddities);
  }

  #content(kind: 'text' | 'bytes'): Buffer {
    const length = this.#number();
    const start = this.#at;
    if (length > this.#bytes.length - start) this.#refuse(kind === 'text' ? 'text past the end' : undefined);
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }

  #skip(tag: number): void {
    const wireType = tag % 8;
    if (wireType === 0) this.#varint();
    else if (wireType === 1) this.#advance(8);
    else if (wireType === 2) this.#advance(this.#number());
    else if (wireType === 3) this.#skipGroup(tag);
    else if (wireType === 5) this.#advance(4);
    else this.#refuse();
  }

  #skipGroup(start: number): void {
    for (let tag = this.#number(); tag !== start + 1; tag = this.#number()) {
      if (tag < 8) this.#refuse('field 0');
      if (tag % 8 === 4) this.#refuse('group end');
      this.#skip(tag);
    }
  }

  #advance(bytes: number): void {
    if (bytes > this.#bytes.length - this.#at) this.#refuse();
    this.#at += bytes;
  }

  /** A tag or a length. */
  #number(): number {
    const value = this.#varint();
    if (value >= 2n ** 32n) this.#refuse('long varint');
    return Number(value);
  }

  #varint(): bigint {
    let value = 0n;
    for (let index = 0n; index < 10n; index += 1n) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) return this.#refuse();
      this.#at += 1;
      value |= BigInt(byte & 0x7f) << (7n * index);
      if (byte < 0x80) return value;
    }
    return this.#refuse('long varint');
  }

  #refuse(oddity?: Oddity): never {
    if (oddity) this.#oddities.add(oddity);
    throw new Malformed();
  }
}

function emptyOf(kind: Kind): unknown {
  if (kind === 'text') return '';
  if (kind === 'bytes') return Buffer.alloc(0);
  if (kind === 'varint') return 0n;
  if (kind === 'map') return {};
  return Array.isArray(kind) ? [] : null;
}
