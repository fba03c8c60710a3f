import fc from 'fast-check';

/** Tags, lengths and key texts do more harm than most bytes. */
const piece = fc.oneof(
  { weight: 6, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 1 }) },
  fc.constantFrom([0x0a], [0x12, 0x00], [0x22, 0x03], [0xff, 0xff, 0xff, 0xff, 0x0f], [0x80], [0x0b], [0x0c], [0x7f]),
  fc.constantFrom('-of-m1', '"', ',"accessKey":"x"', 's1', '%', '&accessKey=x').map(text => [...Buffer.from(text)]),
);
export const mutation = fc.record({ at: fc.nat(), piece, kind: fc.nat({ max: 19 }) });
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

/** Mostly writes over bytes, so that lengths stay right and the harm is done inside; else puts some in, or a stretch twice. */
export function mutated(bytes: Buffer, mutations: readonly Mutation[]): Buffer {
  let result = bytes;
  for (const { at, piece: put, kind } of mutations) {
    const index = at % (result.length + 1);
    const inserted = kind === 0 ? result.subarray(index, index + 64) : Buffer.from(put);
    const rest = result.subarray(kind > 1 ? index + inserted.length : index);
    result = Buffer.concat([result.subarray(0, index), inserted, rest]);
  }
  return result;
}
