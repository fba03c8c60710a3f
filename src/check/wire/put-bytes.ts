/** Above this many bytes a call that copies them costs less than a loop. */
const FEW_BYTES = 48;

/** Number of bytes that a length takes as a varint. */
export function varintSize(length: number): number {
  if (length < 0x80) return 1;
  if (length < 0x4000) return 2;
  if (length < 0x200000) return 3;
  return length < 0x10000000 ? 4 : 5;
}

/** Number of bytes that so much content takes with its length before it. */
export function delimitedSize(length: number): number {
  return varintSize(length) + length;
}

/** Writes a length as a varint; answers the place behind it. */
export function putVarint(buffer: Buffer, at: number, length: number): number {
  let next = at;
  let rest = length;
  while (rest > 0x7f) {
    buffer[next] = (rest & 0x7f) | 0x80;
    next += 1;
    rest >>>= 7;
  }
  buffer[next] = rest;
  return next + 1;
}

/** Writes bytes that are ready; answers the place behind them. */
export function putBytes(buffer: Buffer, at: number, bytes: Uint8Array): number {
  if (bytes.length > FEW_BYTES) {
    buffer.set(bytes, at);
  } else {
    for (let index = 0; index < bytes.length; index += 1) buffer[at + index] = bytes[index] as number;
  }
  return at + bytes.length;
}

/** A length-delimited field of the tag, for what is made once; the tag takes one byte. */
export function field(tag: number, ...content: readonly (Uint8Array | string)[]): Buffer {
  const bytes = Buffer.concat(content.map(part => (typeof part === 'string' ? Buffer.from(part) : part)));
  const head = Buffer.alloc(1 + varintSize(bytes.length));
  head[0] = tag;
  putVarint(head, 1, bytes.length);
  return Buffer.concat([head, bytes]);
}

/** A varint field of the tag, for what is made once; the tag takes one byte. */
export function numberField(tag: number, number: number): Buffer {
  const bytes = Buffer.alloc(1 + varintSize(number));
  bytes[0] = tag;
  putVarint(bytes, 1, number);
  return bytes;
}
