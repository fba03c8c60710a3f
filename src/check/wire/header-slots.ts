import type { CredentialHeader } from '../../credentials/credentials.ts';

export type HeaderName = CredentialHeader | 'content-length' | 'content-type' | 'x-request-id';

/** The headers that a check reads, each with a slot of its own; any other is passed over. */
export const headerSlots: Record<HeaderName, number> = {
  authorization: 0,
  'x-api-key': 1,
  'x-model-access-key': 2,
  'content-length': 3,
  'x-envoy-auth-partial-body': 4,
  'content-encoding': 5,
  'content-type': 6,
  'x-request-id': 7,
};
export const slotCount = Object.keys(headerSlots).length;

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
  for (const [name, slot] of Object.entries(headerSlots)) {
    const sameLength = byLength[name.length] ?? [];
    sameLength.push({ slot, name: Uint8Array.from(Buffer.from(name)) });
    byLength[name.length] = sameLength;
  }
  return Array.from(byLength, found => found ?? []);
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
