/** Bytes of one chunk; a place in it is told by the lower 16 bits, the chunk by the upper ones. */
const chunkBytes = 65_536;
/** A longer place gets a chunk of its own, so that little is lost at the end of the others. */
const sharedPlaceBytesMax = 8192;
/** Places up to this size fit to the byte: nearly all names and ids are that short. */
const exactPlaceBytesMax = 128;
const roughStepBytes = 32;
/** A freed place holds the number of the one freed before it. */
const placeBytesMin = 4;

/**
 * Texts as bytes outside the JavaScript heap, each known by a number that is never 0. The place of one that
 * is removed is used again by the next of its size. Any text comes back as it was.
 */
export class Texts {
  readonly #chunks: Buffer[] = [];
  /** By size of place: the one that was freed last. */
  readonly #free = new Int32Array(1 + sizeClass(sharedPlaceBytesMax));
  /** Chunks of their own that were given back. */
  readonly #freeChunks: number[] = [];
  #end = chunkBytes;
  #current = 0;

  constructor() {
    // Chunk 0 stays empty, so that no place has the number 0.
    this.#chunks.push(Buffer.alloc(0));
  }

  add(text: string): number {
    const isWide = !isLatin1(text);
    const head = text.length * 2 + (isWide ? 1 : 0);
    const place = this.#place(headBytes(head) + text.length * (isWide ? 2 : 1));
    const bytes = this.#chunkOf(place);
    let at = place & 0xffff;
    let rest = head;
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) {
      bytes[at++] = (rest % 0x80) | 0x80;
    }
    bytes[at++] = rest;
    for (let each = 0; each < text.length; each += 1) {
      const unit = text.charCodeAt(each);
      bytes[at++] = unit;
      if (isWide) {
        bytes[at++] = unit >>> 8;
      }
    }
    return place;
  }

  remove(place: number): void {
    const bytes = this.#chunkOf(place);
    const start = place & 0xffff;
    const head = readHead(bytes, start);
    const size = headBytes(head) + (head >>> 1) * (1 + (head & 1));
    if (size > sharedPlaceBytesMax) {
      this.#chunks[place >>> 16] = this.#chunks[0] as Buffer;
      this.#freeChunks.push(place >>> 16);
      return;
    }
    const kind = sizeClass(size);
    bytes.fill(0, start, start + classBytes(kind));
    bytes.writeInt32LE(this.#free[kind] as number, start);
    this.#free[kind] = place;
  }

  read(place: number): string {
    const bytes = this.#chunkOf(place);
    const head = readHead(bytes, place & 0xffff);
    const start = (place & 0xffff) + headBytes(head);
    return head & 1
      ? bytes.toString('utf16le', start, start + head - 1)
      : bytes.toString('latin1', start, start + (head >>> 1));
  }

  equals(place: number, text: string): boolean {
    const bytes = this.#chunkOf(place);
    const head = readHead(bytes, place & 0xffff);
    if (head >>> 1 !== text.length) {
      return false;
    }
    if (head & 1) {
      return this.read(place) === text;
    }
    const start = (place & 0xffff) + headBytes(head);
    for (let at = 0; at < text.length; at += 1) {
      if (bytes[start + at] !== text.charCodeAt(at)) {
        return false;
      }
    }
    return true;
  }

  #chunkOf(place: number): Buffer {
    return this.#chunks[place >>> 16] as Buffer;
  }

  #place(size: number): number {
    if (size > sharedPlaceBytesMax) {
      const chunk = this.#freeChunks.pop() ?? this.#chunks.length;
      this.#chunks[chunk] = Buffer.alloc(size);
      return chunk << 16;
    }
    const kind = sizeClass(size);
    const freed = this.#free[kind] as number;
    if (freed !== 0) {
      this.#free[kind] = this.#chunkOf(freed).readInt32LE(freed & 0xffff);
      return freed;
    }
    const needed = classBytes(kind);
    if (this.#end + needed > chunkBytes) {
      this.#current = this.#chunks.push(Buffer.alloc(chunkBytes)) - 1;
      this.#end = 0;
    }
    const place = (this.#current << 16) | this.#end;
    this.#end += needed;
    return place;
  }
}

function isLatin1(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    if (text.charCodeAt(at) > 0xff) {
      return false;
    }
  }
  return true;
}

/** Length in characters, doubled, with a 1 where each takes two bytes; seven bits a byte, the lowest first. */
function readHead(bytes: Buffer, start: number): number {
  let head = 0;
  for (let at = start, shift = 0; ; at += 1, shift += 7) {
    const byte = bytes[at] as number;
    head |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      return head;
    }
  }
}

function headBytes(head: number): number {
  return head < 0x80 ? 1 : head < 0x4000 ? 2 : head < 0x200000 ? 3 : head < 0x10000000 ? 4 : 5;
}

function sizeClass(size: number): number {
  return size <= exactPlaceBytesMax
    ? Math.max(size, placeBytesMin)
    : exactPlaceBytesMax + Math.ceil((size - exactPlaceBytesMax) / roughStepBytes);
}

function classBytes(kind: number): number {
  return kind <= exactPlaceBytesMax ? kind : exactPlaceBytesMax + (kind - exactPlaceBytesMax) * roughStepBytes;
}
