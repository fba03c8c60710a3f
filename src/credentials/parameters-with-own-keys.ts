import { holdsCheckedSecret, mayHoldSecret } from '../keys/holds-checked-secret.ts';

const none: readonly string[] = [];
const accessKeyName = 'accessKey';

/**
 * Names, as they were sent, of the query parameters that hold a key of ours in name or value, percent-encoded or not (B25);
 * `accessKey` is not among them, since it goes anyway.
 */
export function parametersWithOwnKeys(path: string, query: string): readonly string[] {
  const mark = path.indexOf('?');
  const inPath = mark === -1 ? '' : path.slice(mark + 1);
  if (!holdsKey(inPath) && !holdsKey(query)) return none;
  const names = `${inPath}&${query}`.split('&').filter(holdsKey).map(nameOf);
  return [...new Set(names)].filter(name => name !== accessKeyName);
}

function nameOf(parameter: string): string {
  const end = parameter.indexOf('=');
  return end === -1 ? parameter : parameter.slice(0, end);
}

/** One byte a character is enough, since keys are ASCII. What is decoded grows no longer. */
function holdsKey(text: string): boolean {
  if (!mayHoldSecret(text.length)) return false;
  const decoded = text.includes('%') ? text.replace(/%([0-9a-f]{2})/gi, (_, hex) => byteOf(hex)) : text;
  const bytes = Buffer.from(decoded, 'latin1');
  return holdsCheckedSecret(bytes, 0, bytes.length);
}

function byteOf(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}
