/**
 * Huffman codes of RFC 7541, appendix B. They are canonical: codes of one length follow each other in the order of their
 * symbols, and the first of each length follows the last of the one before, so the lengths say all.
 */
const lengths = `
13 23 28 28 28 28 28 28 28 24 30 28 28 30 28 28 28 28 28 28 28 28 30 28 28 28 28 28 28 28 28 28
6 10 10 12 13 6 8 11 10 10 8 11 8 6 6 6 5 5 5 6 6 6 6 6 6 6 7 8 15 6 12 10
13 6 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 8 7 8 13 19 13 14 6
15 5 6 5 6 5 6 6 6 5 7 7 6 6 6 5 6 7 6 5 5 6 7 7 7 7 7 15 11 14 13 28
20 22 20 20 22 22 22 23 22 23 23 23 23 23 24 23 24 24 22 23 24 23 23 23 23 21 22 23 22 23 23 24
22 21 20 22 22 23 23 21 23 22 22 24 21 22 23 23 21 21 22 21 23 22 23 23 20 22 22 22 23 22 22 23
26 26 20 19 22 23 22 25 26 26 26 27 27 26 24 25 19 21 26 27 27 26 27 24 21 21 26 26 28 27 27 27
20 24 20 21 22 21 21 23 22 22 25 25 24 24 26 23 26 27 26 26 27 27 27 27 27 28 27 27 27 27 27 26
`
  .trim()
  .split(/\s+/)
  .map(Number);

const shortest = 5;
const longest = 30;
/** All ones, and 30 bits long: the end of string, which must never be written; its first bits fill the last byte. */
const paddingBitsMax = 7;

/** Of each code length: the first code, how many there are, and where their symbols begin in `symbols`. */
const firstCode = new Int32Array(longest + 1);
const codeCount = new Int32Array(longest + 1);
const symbolsAt = new Int32Array(longest + 1);
const symbols = new Uint8Array(lengths.length);

for (let bits = shortest, code = 0, at = 0; bits <= longest; bits += 1, code *= 2) {
  firstCode[bits] = code;
  symbolsAt[bits] = at;
  for (const [symbol, length] of lengths.entries()) {
    if (length === bits) {
      symbols[at] = symbol;
      at += 1;
      code += 1;
    }
  }
  codeCount[bits] = at - (symbolsAt[bits] ?? 0);
}

/**
 * Decodes the bytes from `start` to `end` to a text of one character per byte. Undefined where they are no Huffman text:
 * padding that is longer than 7 bits or not all ones, or the end of string in the middle (RFC 7541, 5.2).
 */
export function decodeHuffman(bytes: Uint8Array, start: number, end: number): string | undefined {
  // A text that is put together character by character takes thirty times its size.
  const text = Buffer.allocUnsafe(Math.ceil(((end - start) * 8) / shortest));
  let length = 0;
  let code = 0;
  let bits = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    for (let bit = 7; bit >= 0; bit -= 1) {
      code = code * 2 + ((byte >> bit) & 1);
      bits += 1;
      const place = code - (firstCode[bits] as number);
      if (bits >= shortest && place < (codeCount[bits] as number)) {
        text[length] = symbols[(symbolsAt[bits] as number) + place] as number;
        length += 1;
        code = 0;
        bits = 0;
      } else if (bits === longest) {
        return undefined;
      }
    }
  }
  return bits <= paddingBitsMax && code === 2 ** bits - 1 ? text.toString('latin1', 0, length) : undefined;
}
