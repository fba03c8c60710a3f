import type { Kind, Put } from './change-set.ts';
import { fieldNames, parseChange } from './parse-change.ts';

/**
 * A row as one text, in UTF-8 where it is bytes: its fields in the order of `fieldNames`, with `fieldEnd` between
 * them. A database can write it without anybody's help, and it is what hashes of rows are made of. Names and ids
 * hold no control characters, so none of these is part of one.
 */
export const fieldEnd = 0x1f;
/** Stands between rows. */
export const rowEnd = 0x1e;
/** In place of null. */
export const noValue = '\x01';
/** Before a text that holds control characters all the same: it goes on in JSON. */
const quoted = '\x02';

const separator = String.fromCharCode(fieldEnd);
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
const control = /[\x00-\x1f]/;

/** Fields that are no texts. */
const numbers: ReadonlySet<string> = new Set(['expires_at', 'stale_after_seconds']);
const flags: ReadonlySet<string> = new Set(['active', 'auth_enabled', 'auth_shadow', 'stopped']);
const lists: ReadonlySet<string> = new Set(['audiences', 'models']);

/** Total for fields of any type: a row that is not whole has a packed form too, and none that a whole one has. */
export function packRow({ kind, row }: Put): string {
  let packed = '';
  for (const name of fieldNames[kind]) {
    const text = packValue((row as unknown as Record<string, unknown>)[name]);
    packed = packed === '' ? text : packed + separator + text;
  }
  return packed;
}

function packValue(value: unknown): string {
  if (typeof value === 'string') {
    return control.test(value) ? quoted + JSON.stringify(value) : value;
  }
  if (typeof value === 'boolean') {
    return value ? '1' : '0';
  }
  return value === null ? noValue : Array.isArray(value) ? JSON.stringify(value) : String(value);
}

/** The row of a packed form; undefined where it is not whole. */
export function unpackRow(kind: Kind, packed: string): Put | undefined {
  const names = fieldNames[kind];
  const texts = packed.split(separator);
  if (texts.length !== names.length) {
    return undefined;
  }
  try {
    const row = Object.fromEntries(names.map((name, at) => [name, unpackValue(name, texts[at] as string)]));
    const change = parseChange({ op: 'put', kind, row });
    return change?.op === 'put' ? change : undefined;
  } catch {
    return undefined;
  }
}

/** What can't be told from its text alone is told by its name. Throws where JSON is none. */
function unpackValue(name: string, text: string): unknown {
  if (text === noValue) {
    return null;
  }
  if (flags.has(name)) {
    return text === '1' ? true : text === '0' ? false : text;
  }
  if (numbers.has(name)) {
    return String(Number(text)) === text ? Number(text) : text;
  }
  return lists.has(name) ? JSON.parse(text) : text.startsWith(quoted) ? JSON.parse(text.slice(1)) : text;
}
