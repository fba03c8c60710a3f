/** Wire types (protobuf.dev, "Encoding"). */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const GROUP_START = 3;
const GROUP_END = 4;
const FIXED32 = 5;

/** A varint holds 64 bits, seven a byte. */
const varintBytesMax = 10;
/** Tags and lengths have 32 bits. */
const largest = 0xffffffff;
/** Groups within groups that are followed: as deep as protobuf's own readers go. */
const groupDepthMax = 100;
const nothing = Buffer.alloc(0);

/** What `next` answers where the message is over, and where its bytes are no message; tags are greater. */
export const OVER = 0;
export const MALFORMED = -1;

/**
 * A place in protobuf bytes, from which fields are read where they lie. Total: nothing is read at or past the `end` that a
 * call names, and what is malformed is told by the answer.
 */
export class ProtobufCursor {
  bytes: Buffer = nothing;
  at = 0;
  /** Where the content of the field that `next` answered ends; it begins at `at`. */
  contentEnd = 0;

  /**
   * Tag (number times eight plus wire type) of the next length-delimited field of a message that ends at `end`; those of
   * other wire types are stepped over, so a known number in an unknown type counts as unknown. Else OVER or MALFORMED.
   */
  next(end: number): number {
    while (this.at < end) {
      const tag = this.#tag(end);
      if ((tag & 7) === LENGTH_DELIMITED) {
        this.contentEnd = this.#contentEnd(end);
        return this.contentEnd === -1 ? MALFORMED : tag;
      }
      if (tag < 8 || !this.#skip(tag, end, 1)) return MALFORMED;
    }
    return this.at === end ? OVER : MALFORMED;
  }

  /** 0 where there is none: a tag below 8 names field 0, which no message has. */
  #tag(end: number): number {
    const first = this.at < end ? (this.bytes[this.at] as number) : 0;
    if (first > 0x7f) {
      const tag = this.#varint(end);
      return tag < 8 ? 0 : tag;
    }
    this.at += 1;
    return first < 8 ? 0 : first;
  }

  #contentEnd(end: number): number {
    let length = this.at < end ? (this.bytes[this.at] as number) : largest;
    if (length > 0x7f) length = this.#varint(end);
    else this.at += 1;
    return length === -1 || length > end - this.at ? -1 : this.at + length;
  }

  /** A varint of 32 bits, which may be written longer than it needs; -1 where there is none. */
  #varint(end: number): number {
    let value = 0;
    let scale = 1;
    const last = Math.min(end, this.at + varintBytesMax);
    while (this.at < last) {
      const byte = this.bytes[this.at] as number;
      this.at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value > largest ? -1 : value;
      scale *= 0x80;
    }
    return -1;
  }

  /** Steps over the field whose tag was read; false where it is malformed. A group ends at the tag of its own number. */
  #skip(tag: number, end: number, depth: number): boolean {
    switch (tag & 7) {
      case VARINT:
        return this.#skipVarint(end);
      case FIXED64:
        this.at += 8;
        return this.at <= end;
      case FIXED32:
        this.at += 4;
        return this.at <= end;
      case LENGTH_DELIMITED:
        this.at = this.#contentEnd(end);
        return this.at !== -1;
      case GROUP_START:
        return depth <= groupDepthMax && this.#skipGroup(tag, end, depth);
      default:
        return false;
    }
  }

  #skipVarint(end: number): boolean {
    const last = Math.min(end, this.at + varintBytesMax);
    while (this.at < last) {
      this.at += 1;
      if ((this.bytes[this.at - 1] as number) < 0x80) return true;
    }
    return false;
  }

  #skipGroup(start: number, end: number, depth: number): boolean {
    for (;;) {
      const tag = this.#tag(end);
      if ((tag & 7) === GROUP_END) return tag === start - GROUP_START + GROUP_END;
      if (tag === 0 || !this.#skip(tag, end, depth + 1)) return false;
    }
  }
}
