/** Words that a short text takes. */
export const shortTextWords = 3;
/** Letters of one word: 40 to the power of 6 is just below 2 to the power of 32. */
const lettersPerWord = 6;
export const shortTextLettersMax = shortTextWords * lettersPerWord;

/** Letters by their number; 0 is where a text has ended. */
const letters = '\0abcdefghijklmnopqrstuvwxyz0123456789-_.';
const base = letters.length;
const codes = new Uint8Array(256);
for (let code = 1; code < base; code += 1) {
  codes[letters.charCodeAt(code)] = code;
}
const scratch = Buffer.alloc(shortTextLettersMax);

/**
 * Packs up to 18 of `[0-9a-z._-]`, as nearly all names and ids are and every Key ID that the product makes, into
 * three words, of which the first is not 0. Answers whether the text is such a one; else the words are of no use.
 */
export function packText(text: string, words: Int32Array): boolean {
  const { length } = text;
  if (length === 0 || length > shortTextLettersMax) {
    return false;
  }
  for (let word = 0, at = 0; word < shortTextWords; word += 1) {
    let packed = 0;
    for (let letter = 0; letter < lettersPerWord; letter += 1, at += 1) {
      const unit = at < length ? text.charCodeAt(at) : 0;
      const code = unit < 256 ? (codes[unit] as number) : 0;
      if (code === 0 && at < length) {
        return false;
      }
      packed = Math.imul(packed, base) + code;
    }
    words[word] = packed;
  }
  return true;
}

/** The same for a text as bytes, one a character. */
export function packBytes(bytes: Uint8Array, start: number, end: number, words: Int32Array): boolean {
  if (end === start || end - start > shortTextLettersMax) {
    return false;
  }
  for (let word = 0, at = start; word < shortTextWords; word += 1) {
    let packed = 0;
    for (let letter = 0; letter < lettersPerWord; letter += 1, at += 1) {
      const code = at < end ? (codes[bytes[at] as number] as number) : 0;
      if (code === 0 && at < end) {
        return false;
      }
      packed = Math.imul(packed, base) + code;
    }
    words[word] = packed;
  }
  return true;
}

/** The text that three words hold. */
export function unpackText(words: Int32Array, start: number): string {
  let end = 0;
  for (let word = 0; word < shortTextWords; word += 1) {
    let packed = (words[start + word] as number) >>> 0;
    for (let at = (word + 1) * lettersPerWord - 1; at >= word * lettersPerWord; at -= 1) {
      const rest = Math.floor(packed / base);
      const code = packed - rest * base;
      scratch[at] = letters.charCodeAt(code);
      if (code !== 0 && end <= at) {
        end = at + 1;
      }
      packed = rest;
    }
  }
  return scratch.toString('latin1', 0, end);
}
