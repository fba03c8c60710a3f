import type { CredentialSource } from './credentials.ts';
import { trimWhitespace } from './trim-whitespace.ts';

/**
 * Whether only a prefix of the body came (B5), by any of three signs: Envoy's own flag; `bodyBytesMax` bytes or more,
 * at which Envoy's flag can still say false; a `content-length` larger than the number of bytes that came. What can't be
 * read counts as partial.
 */
export function isPartialBody(source: CredentialSource, bytesArrived: number, bodyBytesMax: number): boolean {
  return (
    bytesArrived >= bodyBytesMax ||
    saysPartial(source.header('x-envoy-auth-partial-body')) ||
    announcesMore(source.contentLength, bytesArrived)
  );
}

/** A repeated flag arrives joined by `,`; one `true` is enough, so that a client's own value can't hide Envoy's. */
function saysPartial(flag: string | undefined): boolean {
  if (flag === undefined || flag === 'false') return false;
  return flag.split(',').some(part => trimWhitespace(part).toLowerCase() === 'true');
}

/** A length that can't be read is not known to be reached. */
function announcesMore(contentLength: number | undefined, bytesArrived: number): boolean {
  return contentLength !== undefined && !(contentLength <= bytesArrived);
}
