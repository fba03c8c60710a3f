import { UnreadableInput } from './decode-text.ts';

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/**
 * What a JSON text says. Throws an UnreadableInput where it is no JSON, and where an object has one name twice, in whatever
 * spelling: `JSON.parse` takes the last one without a word, and whoever wrote or reviewed the text may have meant the first.
 */
export function readJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message repeats a part of the text, which may be a key.
    throw new UnreadableInput('is no valid JSON');
  }
  refuseNameTwice(text);
  return value;
}

/** Throws an UnreadableInput with line and column of the first name that an object has twice. The text must be valid JSON. */
export function refuseNameTwice(text: string): void {
  // The names of each object around the place; undefined for a list. No recursion: depth is the sender's choice (T8).
  const around: (Set<string> | undefined)[] = [];
  let names: Set<string> | undefined;
  let isName = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      const end = closingQuote(text, at);
      if (isName && names) {
        addName(names, text, at, end);
        isName = false;
      }
      at = end;
    } else if (code === comma) {
      isName = names !== undefined;
    } else if (code === openBrace || code === openBracket) {
      around.push(names);
      names = code === openBrace ? new Set() : undefined;
      isName = code === openBrace;
    } else if (code === closeBrace || code === closeBracket) {
      names = around.pop();
      isName = false;
    }
  }
}

function addName(names: Set<string>, text: string, open: number, close: number): void {
  const literal = text.slice(open + 1, close);
  const name = literal.includes('\\') ? String(JSON.parse(`"${literal}"`)) : literal;
  if (names.has(name)) {
    throw new UnreadableInput(
      `gives one name twice in one object, at line ${placeOf(text, open)}: keep one of the two`,
    );
  }
  names.add(name);
}

/** A quote ends a string where an even number of backslashes stands before it. */
function closingQuote(text: string, open: number): number {
  for (let end = text.indexOf('"', open + 1); ; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text.charCodeAt(before - 1) === backslash) {
      before -= 1;
    }
    if ((end - before) % 2 === 0) {
      return end;
    }
  }
}

function placeOf(text: string, at: number): string {
  const before = text.slice(0, at).split('\n');
  return `${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
