const OPEN_BRACE = 0x7b;
const REPLACEMENT = 0xfffd;
const LAST_CODE_POINT = 0x10ffff;
const FIRST_ABOVE_16_BITS = 0x10000;

/** How many bytes a code unit has, and which comes first; and where the text begins behind its byte order mark. */
interface WideForm {
  readonly width: 2 | 4;
  readonly isBigEndian: boolean;
  readonly start: number;
}

/**
 * The form of a text in UTF-16 or UTF-32, by its byte order mark or by where its first zero bytes stand, as readers of JSON in
 * Python, Java and .NET tell it; undefined for any other. No text that `JSON.parse` accepts is one: it holds no zero byte.
 */
function wideFormOf(text: Buffer): WideForm | undefined {
  const [first = -1, second = -1, third = -1, fourth = -1] = text;
  if (first === 0xff && second === 0xfe)
    return { ...form(third === 0 && fourth === 0, false), start: 2 + marked(text) };
  if (first === 0xfe && second === 0xff) return { width: 2, isBigEndian: true, start: 2 };
  if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff) {
    return { width: 4, isBigEndian: true, start: 4 };
  }
  if (first === 0 && second !== -1) return { ...form(second === 0, true), start: 0 };
  if (second === 0) return { ...form(third === 0 && fourth === 0, false), start: 0 };
  return undefined;
}

/** An object in UTF-16 or UTF-32, in UTF-8; undefined for any other text. What is no character becomes U+FFFD. */
export function wideObject(text: Buffer): Buffer | undefined {
  const wide = wideFormOf(text);
  if (!wide || !beginsAsObject(text, wide)) return undefined;
  const { width, isBigEndian, start } = wide;
  const whole = text.subarray(start, text.length - ((text.length - start) % width));
  if (width === 4) return fromUtf32(whole, isBigEndian);
  return Buffer.from((isBigEndian ? Buffer.from(whole).swap16() : whole).toString('utf16le'));
}

/** Whether a text is one in UTF-16 or UTF-32: it says so by its mark, or an object stands there. */
export function isWideText(text: Buffer): boolean {
  const wide = wideFormOf(text);
  return wide !== undefined && (wide.start > 0 || beginsAsObject(text, wide));
}

function form(isUtf32: boolean, isBigEndian: boolean): Omit<WideForm, 'start'> {
  return { width: isUtf32 ? 4 : 2, isBigEndian };
}

/** Two more bytes belong to the mark of UTF-32. */
function marked(text: Buffer): number {
  return text[2] === 0 && text[3] === 0 ? 2 : 0;
}

/** Looks at the first character that is no white space, so that binary bodies cost nothing. */
function beginsAsObject(text: Buffer, wide: WideForm): boolean {
  for (let at = wide.start; at + wide.width <= text.length; at += wide.width) {
    const unit = unitAt(text, at, wide);
    if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return unit === OPEN_BRACE;
  }
  return false;
}

function unitAt(text: Buffer, at: number, { width, isBigEndian }: WideForm): number {
  const last = at + width - 1;
  let unit = 0;
  for (let index = 0; index < width; index += 1) {
    unit = unit * 256 + (text[isBigEndian ? at + index : last - index] as number);
  }
  return unit;
}

/** By way of UTF-16, which the platform turns into UTF-8 quickly. */
function fromUtf32(text: Buffer, isBigEndian: boolean): Buffer {
  const units = Buffer.alloc(text.length);
  const [highest, lowest, step] = isBigEndian ? [0, 3, 1] : [3, 0, -1];
  let end = 0;
  for (let at = 0; at < text.length; at += 4) {
    const high = (text[at + highest] as number) * 0x1000000 + ((text[at + highest + step] as number) << 16);
    const read = high + ((text[at + lowest - step] as number) << 8) + (text[at + lowest] as number);
    const code = read > LAST_CODE_POINT ? REPLACEMENT : read;
    if (code < FIRST_ABOVE_16_BITS) {
      end = putUnit(units, end, code);
    } else {
      const above = code - FIRST_ABOVE_16_BITS;
      end = putUnit(units, putUnit(units, end, 0xd800 + (above >> 10)), 0xdc00 + (above & 0x3ff));
    }
  }
  return Buffer.from(units.toString('utf16le', 0, end));
}

/** Byte by byte: this is asked for a million times in the largest bodies. */
function putUnit(units: Buffer, at: number, unit: number): number {
  units[at] = unit & 0xff;
  units[at + 1] = unit >> 8;
  return at + 2;
}
