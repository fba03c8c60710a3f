import type { CredentialSource } from './credentials.ts';
import { trimWhitespace } from './trim-whitespace.ts';

const ZERO = 0x30;
const NINE = 0x39;

/**
 * Whether only a prefix of the body came (B5), by any of three signs: Envoy's own flag; `bodyBytesMax` bytes or more,
 * at which Envoy's flag can still say false; a `content-length` larger than what came. What can't be read counts as
 * partial.
 */
export function isPartialBody(source: CredentialSource, bodyBytesMax: number): boolean {
  return (
    source.body.length >= bodyBytesMax ||
    saysPartial(source.header('x-envoy-auth-partial-body')) ||
    announcesMore(source.header('content-length'), source.body.length)
  );
}

/** A repeated flag arrives joined by `,`; one `true` is enough, so that a client's own value can't hide Envoy's. */
function saysPartial(flag: string | undefined): boolean {
  return flag?.split(',').some(part => trimWhitespace(part).toLowerCase() === 'true') ?? false;
}

function announcesMore(contentLength: string | undefined, bytesArrived: number): boolean {
  if (contentLength === undefined) return false;
  const digits = trimWhitespace(contentLength);
  return !isDecimal(digits) || Number(digits) > bytesArrived;
}

function isDecimal(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < ZERO || code > NINE) return false;
  }
  return text !== '';
}
