import { scanCode } from './scan-code.ts';

/**
 * What a byte does outside strings; all that has no place there ends the reading, comments and single quotes above
 * all. The numbers are those of scan-value.wat.
 */
const ILLEGAL = 0;
const PLAIN = 1;
const OPENS = 2;
const CLOSES = 3;
const STARTS_STRING = 4;

/** Answers of the code for a piece in which the value does not end. */
const GOES_ON = -1;

/** A text is copied to the code piece by piece, the first one small: most values end soon. */
const firstPieceBytes = 512;
const largestPieceBytes = 64 * 1024;

interface ScanCode {
  readonly memory: { readonly buffer: ArrayBuffer };
  begin(inString: 0 | 1): void;
  scan(length: number): number;
}

/** Of what the platform has, no more than is used here: its types come with those of browsers only. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

const { memory, begin, scan } = new WebAssembly.Instance(
  new WebAssembly.Module(Uint8Array.from(atob(scanCode), byte => byte.charCodeAt(0))),
).exports as ScanCode;
const effects = new Uint8Array(memory.buffer, 0, 256).fill(ILLEGAL);
const piece = new Uint8Array(memory.buffer, effects.length, largestPieceBytes);

function mark(bytes: string, effect: number): void {
  for (const byte of bytes) effects[byte.charCodeAt(0)] = effect;
}
// Letters of the words that a value may be, `NaN` and `Infinity` among them.
mark(' \t\n\r,:+-.0123456789EINaefilnrstuy', PLAIN);
mark('[{', OPENS);
mark(']}', CLOSES);
mark('"', STARTS_STRING);

/**
 * Index after the nested JSON value whose first bracket stands at `pos`, or -1 where it is malformed or the text ends in it.
 * Of what it holds only strings and depth are looked at, so that no depth costs memory (T8).
 */
export function skipNested(text: Uint8Array, pos: number): number {
  begin(0);
  return scanFrom(text, pos);
}

/** Index after the quote that ends the string in whose middle `pos` stands, outside any escape; -1 where the text ends first. */
export function skipRestOfString(text: Uint8Array, pos: number): number {
  begin(1);
  return scanFrom(text, pos);
}

function scanFrom(text: Uint8Array, pos: number): number {
  let largest = firstPieceBytes;
  for (let at = pos; at < text.length; ) {
    const end = Math.min(at + largest, text.length);
    piece.set(text.subarray(at, end));
    const found = scan(end - at);
    if (found !== GOES_ON) return found < 0 ? -1 : at + found;
    at = end;
    largest = largestPieceBytes;
  }
  return -1;
}
