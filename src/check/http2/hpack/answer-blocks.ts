/** What an answer of ours needs of the peer's header table: two entries of this size together (RFC 7541, 4.1). */
const neededTableBytes = 104;
/** The table that every peer has until it says otherwise; we use no more of a larger one (RFC 9113, 6.5.2). */
const tableBytesMax = 4096;

/** Indexes of the static table (RFC 7541, appendix A). */
const status200 = 0x80 | 8;
const contentTypeName = 31;
const staticEntries = 61;

const grpcContentType = literalValue('application/grpc');
const statusOk = Buffer.concat([literalValue('grpc-status'), literalValue('0')]);

/** Room for either block, with the new size of the table before it. */
export const answerBlockBytesMax = 40;

/**
 * Writes the header blocks that nearly every answer consists of: `:status 200` with gRPC's content type, and the trailers
 * `grpc-status: 0`. Both go into the peer's table the first time, and are a byte each from then on. An index must be
 * taken when its block is written to the connection, in the connection's order, and not before: what was put into the
 * table in between has moved it (RFC 7541, 2.3.3).
 */
export class AnswerBlocks {
  #tableBytes = tableBytesMax;
  /** The peer's table must be told its new size before the next block (RFC 7541, 4.2). */
  #resized = false;
  #inserted = 0;
  /** The number of the entry among those inserted; 0: it is not in the table. */
  #contentTypeNumber = 0;
  #statusNumber = 0;

  /** SETTINGS_HEADER_TABLE_SIZE of the peer. The table is emptied, so that nothing has to be known of what is evicted. */
  resize(peerBytesMax: number): void {
    const bytes = Math.min(peerBytesMax, tableBytesMax);
    if (bytes !== this.#tableBytes) {
      this.#tableBytes = bytes;
      this.#resized = true;
      this.#inserted = 0;
      this.#contentTypeNumber = 0;
      this.#statusNumber = 0;
    }
  }

  /** Whether both blocks are indexes only, two bytes and one, with nothing to tell before them. */
  get isIndexed(): boolean {
    return this.#contentTypeNumber > 0 && this.#statusNumber > 0 && !this.#resized;
  }

  /** `:status: 200`, `content-type: application/grpc`; answers where it ends. */
  writeHeaders(buffer: Buffer, at: number): number {
    let next = this.writeResize(buffer, at);
    buffer[next] = status200;
    next += 1;
    if (this.#contentTypeNumber > 0) {
      buffer[next] = 0x80 | this.#indexOf(this.#contentTypeNumber);
      return next + 1;
    }
    if (this.#tableBytes >= neededTableBytes) {
      this.#inserted += 1;
      this.#contentTypeNumber = this.#inserted;
      buffer[next] = 0x40 | contentTypeName;
      next += 1;
    } else {
      // Not indexed; the name's index does not fit into the four bits of this form (RFC 7541, 6.2.2).
      buffer[next] = 0x0f;
      buffer[next + 1] = contentTypeName - 0x0f;
      next += 2;
    }
    return next + grpcContentType.copy(buffer, next);
  }

  /** `grpc-status: 0`; answers where it ends. */
  writeTrailers(buffer: Buffer, at: number): number {
    const next = this.writeResize(buffer, at);
    if (this.#statusNumber > 0) {
      buffer[next] = 0x80 | this.#indexOf(this.#statusNumber);
      return next + 1;
    }
    if (this.#tableBytes >= neededTableBytes) {
      this.#inserted += 1;
      this.#statusNumber = this.#inserted;
      buffer[next] = 0x40;
    } else {
      buffer[next] = 0;
    }
    return next + 1 + statusOk.copy(buffer, next + 1);
  }

  /** Whatever block comes next begins with the new size of the table, if it has one to tell; answers where it ends. */
  writeResize(buffer: Buffer, at: number): number {
    if (!this.#resized) {
      return at;
    }
    this.#resized = false;
    buffer[at] = 0x20;
    return this.#tableBytes === 0 ? at + 1 : writeInteger(buffer, at + 1, 0x20, 5, this.#tableBytes);
  }

  #indexOf(number: number): number {
    return staticEntries + 1 + this.#inserted - number;
  }
}

/** Fields that are seldom sent, as literals that leave the table alone (RFC 7541, 6.2.2). Names and values are ASCII. */
export function literalFields(fields: readonly (readonly [name: string, value: string])[]): Buffer {
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.of(0), literalValue(name), literalValue(value)]));
}

function literalValue(text: string): Buffer {
  const length = Buffer.alloc(6);
  const end = writeInteger(length, 0, 0, 7, text.length);
  return Buffer.concat([length.subarray(0, end), Buffer.from(text, 'latin1')]);
}

/** RFC 7541, 5.1. */
function writeInteger(buffer: Buffer, at: number, firstBits: number, prefixBits: number, value: number): number {
  const prefixMax = 2 ** prefixBits - 1;
  if (value < prefixMax) {
    buffer[at] = firstBits | value;
    return at + 1;
  }
  buffer[at] = firstBits | prefixMax;
  let next = at + 1;
  let rest = value - prefixMax;
  for (; rest >= 128; rest = Math.floor(rest / 128)) {
    buffer[next] = 0x80 | (rest % 128);
    next += 1;
  }
  buffer[next] = rest;
  return next + 1;
}
