import { hasSecretForm } from './secret.ts';
import { checksumLength, randomLength, type SecretKind, secretPrefixes } from './secret-form.ts';

const KINDS = Object.keys(secretPrefixes) as SecretKind[];
const UNDERSCORE = 0x5f;
/** Index of the underscore that ends every prefix. */
const MARK = 3;
const TAIL_LENGTH = randomLength + checksumLength;

/**
 * Whether a secret of ours stands anywhere between two places, its checksum right (B42): so that what merely looks like one
 * is left alone. Linear, and looks at few bytes of a text that holds none.
 */
export function holdsCheckedSecret(bytes: Buffer, start: number, end: number): boolean {
  let mark = start + MARK;
  while (mark + TAIL_LENGTH < end) {
    const stop = lastOther(bytes, mark);
    if (stop === mark && isSecretAt(bytes, mark - MARK)) return true;
    // A tail that is broken off at a place leaves no underscore before that place.
    mark = stop === mark ? mark + TAIL_LENGTH + 1 : stop;
  }
  return false;
}

/** Whether a text is a secret of ours of any kind, by its form and checksum. */
export function isSecret(text: string): boolean {
  return KINDS.some(kind => hasSecretForm(kind, text));
}

/** Whether so many bytes are enough for a secret. */
export function mayHoldSecret(length: number): boolean {
  return length > MARK + TAIL_LENGTH;
}

/** Last place behind an underscore's, as far as its tail would go, at which no base62 character stands; its own where there is none. */
function lastOther(bytes: Buffer, mark: number): number {
  let at = mark + TAIL_LENGTH;
  while (at > mark && isBase62(bytes[at] as number)) at -= 1;
  return at;
}

function isSecretAt(bytes: Buffer, at: number): boolean {
  if (bytes[at + MARK] !== UNDERSCORE) return false;
  const text = bytes.toString('latin1', at, at + MARK + 1 + TAIL_LENGTH);
  return isSecret(text);
}

function isBase62(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}
