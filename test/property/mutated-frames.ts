import fc from 'fast-check';

/** Lengths, types, flags, streams and payloads are all reached: a frame's head is most of a short frame. */
export const mutation = fc.record({
  kind: fc.constantFrom('set', 'set', 'set', 'head', 'head', 'remove', 'repeat', 'swap', 'cut', 'put'),
  frame: fc.nat(),
  at: fc.nat(),
  byte: fc.oneof(fc.constantFrom(0, 1, 2, 4, 5, 8, 9, 127, 128, 255), fc.nat(255)),
});
export type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

/** The frames with such changes in them, one after the other. */
export function mutatedFrames(frames: readonly Buffer[], mutations: readonly Mutation[]): Buffer[] {
  const result: Buffer[] = frames.map(frame => Buffer.from(frame));
  for (const { kind, frame, at, byte } of mutations) {
    const n = result.length === 0 ? 0 : frame % result.length;
    const picked = result[n] ?? Buffer.alloc(0);
    if (kind === 'set' && picked.length > 0) {
      picked[at % picked.length] = byte;
    } else if (kind === 'head' && picked.length > 0) {
      picked[at % Math.min(9, picked.length)] = byte;
    } else if (kind === 'remove') {
      result.splice(n, 1);
    } else if (kind === 'repeat') {
      result.splice(at % (result.length + 1), 0, Buffer.from(picked));
    } else if (kind === 'swap' && result.length > 0) {
      const other = at % result.length;
      [result[n], result[other]] = [result[other] as Buffer, picked];
    } else if (kind === 'cut' && picked.length > 0) {
      result[n] = picked.subarray(0, at % picked.length);
    } else if (kind === 'put') {
      const place = at % (picked.length + 1);
      result[n] = Buffer.concat([picked.subarray(0, place), Buffer.of(byte), picked.subarray(place)]);
    }
  }
  return result;
}
