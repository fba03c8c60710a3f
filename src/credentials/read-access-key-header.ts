import { ABSENT, AMBIGUOUS, type Placement, placementOf } from './placement.ts';
import { trimWhitespace } from './trim-whitespace.ts';

/**
 * Reads the header `x-model-access-key` (B2). A repeated header arrives as one value joined by `,`: its parts must
 * all be equal, or it is ambiguous (B4), a blank part beside a key too.
 */
export function readAccessKeyHeader(value: string | undefined): Placement {
  if (value === undefined) return ABSENT;
  const parts = value.split(',').map(trimWhitespace);
  return parts.every(part => part === parts[0]) ? placementOf(parts[0]) : AMBIGUOUS;
}
