/** Rows whose texts are remembered: as many keys and callers as are busy at once on most sites. A power of two. */
const places = 4096;

/**
 * Texts of the rows that were read lately. Who calls now will soon call again, and to make a text costs more than to find
 * it here; of rows that fall on one place, the last one has it.
 */
export class TextMemo {
  readonly #rows = new Int32Array(places);
  readonly #texts: string[] = new Array<string>(places).fill('');

  /** The row's text; undefined: it is not remembered. */
  get(row: number): string | undefined {
    const place = row & (places - 1);
    return this.#rows[place] === row ? this.#texts[place] : undefined;
  }

  keep(row: number, text: string): string {
    const place = row & (places - 1);
    this.#rows[place] = row;
    this.#texts[place] = text;
    return text;
  }

  /** The row has another text from now on, or none. */
  forget(row: number): void {
    const place = row & (places - 1);
    if (this.#rows[place] === row) {
      this.#rows[place] = 0;
    }
  }
}
