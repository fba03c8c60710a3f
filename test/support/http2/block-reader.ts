export type HeaderField = readonly [name: string, value: string];

/** Of RFC 7541, appendix A, what answers of a check server may use. */
const staticEntries: Readonly<Record<number, HeaderField>> = {
  8: [':status', '200'],
  12: [':status', '400'],
  13: [':status', '404'],
  14: [':status', '500'],
  31: ['content-type', ''],
};
const staticCount = 61;

/**
 * Decodes the header blocks of answers by itself, and throws where they are not to the letter of RFC 7541: an index to
 * nowhere, a size update that is missing, late or too large. Knows no Huffman: our answers don't use it.
 */
export class BlockReader {
  #table: HeaderField[] = [];
  #tableBytes = 4096;
  #allowed: number;
  /** The smallest table since the last block: the encoder must say that it has taken note (RFC 7541, 4.2). */
  #smallest: number;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;

  /** Lenient: the sizes that the other side was asked for are not known, so it is taken at its word. */
  constructor(lenient = false) {
    this.#allowed = lenient ? Number.POSITIVE_INFINITY : 4096;
    this.#smallest = this.#allowed;
  }

  /** The other side has acknowledged our SETTINGS_HEADER_TABLE_SIZE. */
  allow(tableBytes: number): void {
    this.#allowed = tableBytes;
    this.#smallest = Math.min(this.#smallest, tableBytes);
  }

  read(block: Buffer): HeaderField[] {
    this.#bytes = block;
    this.#at = 0;
    this.#takeResizes();
    const fields: HeaderField[] = [];
    while (this.#at < block.length) {
      fields.push(this.#field());
    }
    return fields;
  }

  #takeResizes(): void {
    const sizes: number[] = [];
    while (this.#at < this.#bytes.length && ((this.#bytes[this.#at] as number) & 0xe0) === 0x20) {
      sizes.push(this.#integer(5));
    }
    if (this.#smallest < this.#tableBytes && Math.min(...sizes) > this.#smallest)
      throw new Error(`the block does not tell that the table was ${this.#smallest} bytes in between`);
    for (const size of sizes) {
      if (size > this.#allowed) throw new Error(`the table is made ${size} bytes, ${this.#allowed} are allowed`);
      this.#resize(size);
    }
    this.#smallest = this.#allowed;
  }

  #resize(bytes: number): void {
    this.#tableBytes = bytes;
    while (this.#table.reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0) > bytes) {
      this.#table.pop();
    }
  }

  #field(): HeaderField {
    const first = this.#bytes[this.#at] as number;
    if (first >= 0x80) return this.#entry(this.#integer(7));
    if (first >= 0x20 && first < 0x40) throw new Error('a size update behind a field');
    const indexed = first >= 0x40;
    const index = this.#integer(indexed ? 6 : 4);
    const name = index === 0 ? this.#text() : this.#entry(index)[0];
    const field: HeaderField = [name, this.#text()];
    if (indexed) {
      this.#table.unshift(field);
      this.#resize(this.#tableBytes);
    }
    return field;
  }

  #entry(index: number): HeaderField {
    const entry = index <= staticCount ? staticEntries[index] : this.#table[index - staticCount - 1];
    if (entry === undefined) throw new Error(`index ${index} stands for nothing that a test knows`);
    return entry;
  }

  #text(): string {
    if (((this.#bytes[this.#at] ?? 0x80) & 0x80) !== 0) throw new Error('Huffman, or nothing, where a text is read');
    const length = this.#integer(7);
    const text = this.#bytes.subarray(this.#at, this.#at + length);
    if (text.length < length) throw new Error('a text is longer than its block');
    this.#at += length;
    return text.toString('latin1');
  }

  #integer(bits: number): number {
    const max = 2 ** bits - 1;
    let value = (this.#bytes[this.#at] as number) & max;
    this.#at += 1;
    for (let unit = 1, more = value === max; more; unit *= 128) {
      const byte = this.#bytes[this.#at] as number;
      this.#at += 1;
      value += (byte & 0x7f) * unit;
      more = byte >= 0x80;
    }
    return value;
  }
}
