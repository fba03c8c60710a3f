/** Words of 32 bits in a SHA-256. */
export const digestWords = 8;

/** Writes the words of a digest that is given as 32 characters, one a byte: the quickest form for Node.js to make one in. */
export function readBinaryDigest(digest: string, words: Int32Array): void {
  for (let word = 0, at = 0; word < digestWords; word += 1, at += 4) {
    words[word] =
      digest.charCodeAt(at) |
      (digest.charCodeAt(at + 1) << 8) |
      (digest.charCodeAt(at + 2) << 16) |
      (digest.charCodeAt(at + 3) << 24);
  }
}

/** The same of a digest in lower-case hex, as rows have it. */
export function readHexDigest(digest: string, words: Int32Array): void {
  for (let word = 0, at = 0; word < digestWords; word += 1, at += 8) {
    words[word] =
      byteAt(digest, at) |
      (byteAt(digest, at + 2) << 8) |
      (byteAt(digest, at + 4) << 16) |
      (byteAt(digest, at + 6) << 24);
  }
}

/** The same of bytes, which may be anything: false where they are no digest. */
export function readHexBytes(bytes: Uint8Array, start: number, end: number, words: Int32Array): boolean {
  let all = end - start === digestWords * 8 ? 0 : -1;
  for (let word = 0, at = start; word < digestWords && all >= 0; word += 1) {
    let value = 0;
    for (let shift = 0; shift < 32; shift += 8, at += 2) {
      const high = nibbles[bytes[at] as number] as number;
      const low = nibbles[bytes[at + 1] as number] as number;
      all |= high | low;
      value |= ((high << 4) | low) << shift;
    }
    words[word] = value;
  }
  return all >= 0;
}

/** What each byte is worth as a digit; -1: it is none. */
const nibbles = new Int8Array(256).fill(-1);
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  nibbles[digit.charCodeAt(0)] = value;
}

export function toHexDigest(wordAt: (word: number) => number): string {
  let hex = '';
  for (let word = 0; word < digestWords; word += 1) {
    const value = wordAt(word);
    for (let shift = 0; shift < 32; shift += 8) {
      hex += ((value >>> shift) & 0xff).toString(16).padStart(2, '0');
    }
  }
  return hex;
}

function byteAt(digest: string, at: number): number {
  return (nibble(digest.charCodeAt(at)) << 4) | nibble(digest.charCodeAt(at + 1));
}

/** Digits stand at 48 and after, `a` to `f` at 97 and after. */
function nibble(unit: number): number {
  return unit < 58 ? unit - 48 : unit - 87;
}
