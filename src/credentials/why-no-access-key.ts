import type { CredentialSource } from './credentials.ts';
import { isEncoded } from './is-encoded.ts';
import { findFault } from './json/find-fault.ts';
import { skipWhitespace } from './json/skip-value.ts';
import { isWideText } from './json/wide-text.ts';
import { isMarked, markLength } from './scan-body.ts';

/** Why a body can carry no access key (B54). */
export type NoAccessKeyCause =
  | { readonly kind: 'encoded' | 'wide' | 'string' | 'list' | 'form' | 'no_object' }
  /** `at` is the index of the byte from which on it is no JSON. */
  | { readonly kind: 'malformed'; readonly at: number };

const OPEN_BRACE = 0x7b;
const byFirstByte = new Map<number | undefined, NoAccessKeyCause>([
  [0x22, { kind: 'string' }],
  [0x5b, { kind: 'list' }],
]);
/** As gzip, zstd, zlib and the archives begin that people send. */
const packed = ['1f8b', '28b52ffd', '7801', '789c', '78da', '504b0304'];
/** A first name of a form as browsers write it, or the first boundary of one in parts. */
const formStart = /^(?:[\w.%+~[\]-]+=|--)/;
const startBytes = 200;

/**
 * Why the body of a call that names no model could not name one either; undefined where it could have: it is empty, or an
 * object without the member. Reads the body once more, and is asked for refused calls only.
 */
export function whyNoAccessKey(source: CredentialSource): NoAccessKeyCause | undefined {
  const text = source.body;
  if (text.length === 0) return undefined;
  const head = text.subarray(0, startBytes);
  const hex = head.toString('hex');
  if (isEncoded(source.header('content-encoding')) || packed.some(start => hex.startsWith(start))) {
    return { kind: 'encoded' };
  }
  const start = skipWhitespace(text, isMarked(text) ? markLength : 0);
  if (start === text.length) return undefined;
  if (isWideText(text)) return { kind: 'wide' };
  if (text[start] === OPEN_BRACE) {
    const at = findFault(text, start);
    return at === -1 ? undefined : { kind: 'malformed', at };
  }
  return byFirstByte.get(text[start]) ?? { kind: formStart.test(head.toString('latin1')) ? 'form' : 'no_object' };
}
