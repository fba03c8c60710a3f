import { apiKeyHeaders, type CredentialHeader } from '../../credentials/credentials.ts';

export type HeaderName = CredentialHeader | 'content-length' | 'content-type' | 'x-request-id';

/** The headers that a check reads; the place of each is its slot. Any other header is passed over. */
export const headerNames: readonly HeaderName[] = [
  ...apiKeyHeaders,
  'x-model-access-key',
  'content-length',
  'x-envoy-auth-partial-body',
  'content-encoding',
  'content-type',
  'x-request-id',
];
/** Of those that are read for credentials; they come first. */
export const credentialSlotCount = apiKeyHeaders.length + 1;
export const slotCount = headerNames.length;

/** Slot of a name that a check reads. Some comparisons of constants cost less than one table that is asked for many names. */
export function slotNamed(name: HeaderName): number {
  let slot = 0;
  while (headerNames[slot] !== name) slot += 1;
  return slot;
}

/** Every byte with ASCII letters in lower case: names of headers are told apart without regard to case (RFC 9110, 5.1). */
const FOLDED = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));

interface Candidate {
  readonly slot: number;
  readonly name: Uint8Array;
}

/** The names by their length, which alone rules out most headers. */
const candidates: readonly (readonly Candidate[])[] = candidatesByLength();
const none: readonly Candidate[] = [];

function candidatesByLength(): Candidate[][] {
  const byLength: Candidate[][] = [];
  for (const [slot, name] of headerNames.entries()) {
    const sameLength = byLength[name.length] ?? [];
    sameLength.push({ slot, name: Uint8Array.from(Buffer.from(name)) });
    byLength[name.length] = sameLength;
  }
  return Array.from(byLength, found => found ?? []);
}

/** Whether a name of that length may be one that a check reads. */
export function mayBeWanted(length: number): boolean {
  return length < candidates.length && (candidates[length] as readonly Candidate[]).length > 0;
}

/** Slot of the header whose name lies between two places; -1 for one that no check reads. */
export function slotOf(bytes: Buffer, start: number, end: number): number {
  const length = end - start;
  const sameLength = length < candidates.length ? (candidates[length] as readonly Candidate[]) : none;
  for (let index = 0; index < sameLength.length; index += 1) {
    const { slot, name } = sameLength[index] as Candidate;
    if (isNamed(bytes, start, name)) return slot;
  }
  return -1;
}

/** Last byte first: where two names have the same length, their ends differ sooner than their beginnings. Envoy writes lower case. */
function isNamed(bytes: Buffer, start: number, name: Uint8Array): boolean {
  for (let index = name.length - 1; index >= 0; index -= 1) {
    const byte = bytes[start + index] as number;
    if (byte !== name[index] && FOLDED[byte] !== name[index]) return false;
  }
  return true;
}
