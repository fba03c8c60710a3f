import { holdsCheckedKeyOfOurs } from '../../credentials/holds-own-key.ts';
import { holdsCheckedSecret, mayHoldSecret } from '../../keys/holds-checked-secret.ts';
import { credentialSlotCount, type HeaderName, slotCount, slotNamed, slotOf } from './header-slots.ts';

const ZERO = 0x30;
/** Numbers of so many digits are exact. */
const TO_LOWER = 0x20;
const LOWER_B = 0x62;
const basicScheme = /^basic[ \t]$/i;
const basicLength = 6;
const digitsMax = 15;

/** What some headers nearly always hold, of which no new text is made. ASCII, the same in both forms. */
const usualValues: (string | undefined)[] = [];
usualValues[slotNamed('x-envoy-auth-partial-body')] = 'false';
usualValues[slotNamed('content-type')] = 'application/json';

const none: readonly string[] = [];
/** A name that HTTP knows, and that an answer may ask to be removed: Envoy itself needs `host`, and ours are replaced anyway. */
const removableName = /^(?!x-modelgate-|host$)[!#$%&'*+.^_`|~0-9a-z-]+$/;

/** Names and values of one header that came more than once, in their order. */
interface Repeats {
  readonly names: string[];
  readonly values: string[];
}

/**
 * The headers that a check reads, as places in the bytes of a CheckRequest: text is made of a value when it is asked for.
 * Both forms of Envoy's look alike from outside: repeats are joined by commas, as Envoy joins them in its plain map (T4).
 */
export class HeaderValues {
  #bytes: Buffer = Buffer.alloc(0);
  /** An entry of the raw form was seen: then the plain map does not count. */
  #raw = false;
  readonly #starts = new Int32Array(slotCount).fill(-1);
  readonly #ends = new Int32Array(slotCount);
  readonly #nameStarts = new Int32Array(slotCount);
  readonly #isLatin1 = new Uint8Array(slotCount);
  readonly #texts = new Array<string | undefined>(slotCount).fill(undefined);
  readonly #repeats = new Map<number, Repeats>();
  /** Names of other headers in which a key of ours was found. */
  readonly #withOwnKeys = new Set<string>();

  /** Forgets what was there; places are those of these bytes from here on. */
  reset(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#raw = false;
    this.#clear();
  }

  /** An entry of the plain map: a name that was there in the same spelling has its value replaced. */
  addPlain(nameStart: number, nameEnd: number, start: number, end: number): void {
    if (this.#raw) return;
    const slot = slotOf(this.#bytes, nameStart, nameEnd);
    if (slot === -1 || slot >= credentialSlotCount) this.#noteOwnKey(nameStart, nameEnd, start, end);
    if (slot === -1) return;
    if (this.#starts[slot] === -1) this.#place(slot, nameStart, start, end, false);
    else this.#replaceOrRepeat(slot, nameStart, nameEnd, start, end);
  }

  /** An entry of `header_map`; its value is text where no raw value was given. */
  addRaw(nameStart: number, nameEnd: number, start: number, end: number, isLatin1: boolean): void {
    if (!this.#raw) {
      this.#raw = true;
      this.#clear();
    }
    const slot = slotOf(this.#bytes, nameStart, nameEnd);
    if (slot === -1 || slot >= credentialSlotCount) this.#noteOwnKey(nameStart, nameEnd, start, end);
    if (slot === -1) return;
    if (this.#starts[slot] === -1) this.#place(slot, nameStart, start, end, isLatin1);
    else this.#repeat(slot, nameStart, nameEnd, this.#decode(start, end, isLatin1));
  }

  /** Names of the headers that hold a key of ours, those apart that are read for credentials; a value that was replaced counts too. */
  withOwnKeys(): readonly string[] {
    return this.#withOwnKeys.size === 0 ? none : [...this.#withOwnKeys].sort();
  }

  /** The header's value; undefined where it did not come. */
  text(name: HeaderName): string | undefined {
    const slot = slotNamed(name);
    if (this.#starts[slot] === -1) return undefined;
    this.#texts[slot] ??= this.#makeText(slot);
    return this.#texts[slot];
  }

  /** The value as a number where it is nothing but some digits; -1 otherwise. */
  decimal(name: HeaderName): number {
    const slot = slotNamed(name);
    const [start, end] = [this.#starts[slot] as number, this.#ends[slot] as number];
    if (start === -1 || start === end || end - start > digitsMax || this.#repeats.has(slot)) return -1;
    let value = 0;
    for (let at = start; at < end; at += 1) {
      const digit = (this.#bytes[at] as number) - ZERO;
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    return value;
  }

  #makeText(slot: number): string {
    const repeats = this.#repeats.get(slot);
    return repeats ? repeats.values.join(',') : this.#firstValue(slot);
  }

  #clear(): void {
    for (let slot = 0; slot < slotCount; slot += 1) {
      this.#starts[slot] = -1;
      this.#texts[slot] = undefined;
    }
    if (this.#repeats.size > 0) this.#repeats.clear();
    if (this.#withOwnKeys.size > 0) this.#withOwnKeys.clear();
  }

  #noteOwnKey(nameStart: number, nameEnd: number, start: number, end: number): void {
    if (!holdsCheckedSecret(this.#bytes, start, end) && !this.#isBasicWithKey(start, end)) return;
    const name = this.#bytes.toString('latin1', nameStart, nameEnd).toLowerCase();
    if (removableName.test(name)) this.#withOwnKeys.add(name);
  }

  /** Whether it is Basic, as `proxy-authorization` has it, with a key of ours in what that stands for. */
  #isBasicWithKey(start: number, end: number): boolean {
    // By its first letter, so that no text is made of others' values.
    if (((this.#bytes[start] as number) | TO_LOWER) !== LOWER_B || !mayHoldSecret(end - start)) return false;
    const isBasic = basicScheme.test(this.#bytes.toString('latin1', start, start + basicLength));
    return isBasic && holdsCheckedKeyOfOurs(this.#bytes.toString('latin1', start, end));
  }

  #place(slot: number, nameStart: number, start: number, end: number, isLatin1: boolean): void {
    this.#nameStarts[slot] = nameStart;
    this.#starts[slot] = start;
    this.#ends[slot] = end;
    this.#isLatin1[slot] = isLatin1 ? 1 : 0;
  }

  /** Keys of a protobuf map are told apart by their bytes, so `A` and `a` are two entries, and a second `a` replaces the first. */
  #replaceOrRepeat(slot: number, nameStart: number, nameEnd: number, start: number, end: number): void {
    const name = this.#bytes.toString('latin1', nameStart, nameEnd);
    const value = this.#decode(start, end, false);
    const repeats = this.#repeatsOf(slot, nameEnd - nameStart);
    const before = repeats.names.indexOf(name);
    if (before === -1) this.#repeat(slot, nameStart, nameEnd, value);
    else repeats.values[before] = value;
  }

  #repeat(slot: number, nameStart: number, nameEnd: number, value: string): void {
    const repeats = this.#repeatsOf(slot, nameEnd - nameStart);
    repeats.names.push(this.#bytes.toString('latin1', nameStart, nameEnd));
    repeats.values.push(value);
  }

  #repeatsOf(slot: number, nameLength: number): Repeats {
    let repeats = this.#repeats.get(slot);
    if (!repeats) {
      const nameStart = this.#nameStarts[slot] as number;
      const name = this.#bytes.toString('latin1', nameStart, nameStart + nameLength);
      repeats = { names: [name], values: [this.#firstValue(slot)] };
      this.#repeats.set(slot, repeats);
    }
    return repeats;
  }

  #firstValue(slot: number): string {
    const [start, end] = [this.#starts[slot] as number, this.#ends[slot] as number];
    const usual = usualValues[slot];
    return usual !== undefined && this.#isValue(usual, start, end)
      ? usual
      : this.#decode(start, end, this.#isLatin1[slot] === 1);
  }

  #isValue(text: string, start: number, end: number): boolean {
    if (end - start !== text.length) return false;
    for (let index = 0; index < text.length; index += 1) {
      if (this.#bytes[start + index] !== text.charCodeAt(index)) return false;
    }
    return true;
  }

  #decode(start: number, end: number, isLatin1: boolean): string {
    return this.#bytes.toString(isLatin1 ? 'latin1' : 'utf8', start, end);
  }
}
