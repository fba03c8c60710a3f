/**
 * Writes texts of one byte a character, and notices when one was none: then all of it must be written again from
 * `toBytes` of the texts. Names of ours are ASCII nearly always, so nobody pays for looking at them first.
 */
export class TextWriter {
  #codes = 0;

  /** Begins anew: what was written before counts no more. */
  reset(): void {
    this.#codes = 0;
  }

  /** Whether each character that was written since is one byte in UTF-8 too. */
  get isAscii(): boolean {
    return this.#codes < 0x80;
  }

  /** Answers the place behind the text. */
  put(buffer: Buffer, at: number, text: string): number {
    let codes = this.#codes;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      codes |= code;
      buffer[at + index] = code;
    }
    this.#codes = codes;
    return at + text.length;
  }
}

/** The text's UTF-8 with a character for each byte. */
export function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
