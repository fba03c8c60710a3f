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
