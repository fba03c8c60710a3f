import { trimWhitespace } from './trim-whitespace.ts';

/** Whether a `content-encoding` names a coding. An encoded body is never decoded, whatever its bytes look like (T9). */
export function isEncoded(contentEncoding: string | undefined): boolean {
  if (contentEncoding === undefined) return false;
  const coding = trimWhitespace(contentEncoding).toLowerCase();
  return coding !== '' && coding !== 'identity';
}
