import type { BodyScan } from '../../src/credentials/scan-body.ts';
import { topLevelMembers } from './top-level-members.ts';

/** Simple case folding, as the engine's own regular expressions do it. */
const FOLDS_TO_NAME = /^accesskey$/iu;
const ASCII_SPACE_AROUND = /^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g;
const STRING = /"(?:[^"\\]|\\.)*"/sy;
const STRING_MEMBER = /("(?:[^"\\]|\\.)*")[ \t\n\r]*:[ \t\n\r]*("(?:[^"\\]|\\.)*")/sy;

/** What a scan of a text that `JSON.parse` accepts must find; undefined where it refuses the text. */
export function plainScan(text: string): BodyScan | undefined {
  const members = topLevelMembers(text);
  if (members === undefined) return undefined;
  const valuesOf = (isWanted: (name: string) => boolean) =>
    members.filter(({ name }) => isWanted(name)).map(({ value }) => trimmed(value));
  const keys = new Set(valuesOf(name => name === 'accessKey'));
  const folded = new Set(valuesOf(name => name !== 'accessKey' && FOLDS_TO_NAME.test(name)));
  const [key] = keys;
  const [onlyFolded] = folded;
  return {
    accessKey: key ?? undefined,
    conflict: keys.size > 1,
    notAString: keys.has(null),
    folded: folded.size > 1 ? null : onlyFolded,
    whole: text.replace(/^[ \t\n\r]+/, '').startsWith('{'),
  };
}

/** Values of all members `accessKey` of the outermost object that can be read in any text, sound or not; trimmed. */
export function readableKeys(text: string): ReadonlySet<string> {
  const keys = new Set<string>();
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    if ('{['.includes(letter)) depth += 1;
    if ('}]'.includes(letter)) depth -= 1;
    if (letter !== '"') continue;
    const [member, name = '', value = ''] = matchAt(STRING_MEMBER, text, at);
    const key = depth === 1 && parsed(name) === 'accessKey' ? trimmed(parsed(value)) : null;
    if (key !== null) keys.add(key);
    const [skipped] = member === undefined ? matchAt(STRING, text, at) : [member];
    if (skipped === undefined) return keys;
    at += skipped.length - 1;
  }
  return keys;
}

function matchAt(pattern: RegExp, text: string, at: number): (string | undefined)[] {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? [];
}

/** A string without the ASCII whitespace around it; null for any other value. */
export function trimmed(value: unknown): string | null {
  return typeof value === 'string' ? value.replace(ASCII_SPACE_AROUND, '') : null;
}

function parsed(literal: string): unknown {
  try {
    return JSON.parse(literal);
  } catch {
    return undefined;
  }
}
