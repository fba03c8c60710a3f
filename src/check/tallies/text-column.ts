/**
 * One text for each of so many places, as bytes outside the heap: what lives as long as a ring goes round would be the
 * costliest of garbage. A text that is too long for its place, or no ASCII, is kept as it is.
 */
export class TextColumn {
  readonly #width: number;
  readonly #bytes: Buffer;
  readonly #lengths: Uint8Array;
  readonly #others = new Map<number, string>();

  /** `width` is the room of a place in bytes, 255 at most. */
  constructor(places: number, width: number) {
    this.#width = width;
    this.#bytes = Buffer.alloc(places * width);
    this.#lengths = new Uint8Array(places);
  }

  set(place: number, text: string): void {
    if (this.#others.size > 0) this.#others.delete(place);
    const start = place * this.#width;
    let codes = 0;
    const { length } = text;
    if (length <= this.#width) {
      for (let index = 0; index < length; index += 1) {
        const code = text.charCodeAt(index);
        codes |= code;
        this.#bytes[start + index] = code;
      }
    }
    if (length > this.#width || codes > 0x7f) this.#others.set(place, text);
    this.#lengths[place] = Math.min(length, this.#width);
  }

  get(place: number): string {
    const start = place * this.#width;
    return this.#others.get(place) ?? this.#bytes.toString('latin1', start, start + (this.#lengths[place] as number));
  }
}
