/** Numbers from 0 to 1 in an order that a seed decides (xorshift32), so that a failure can be run again. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

/** The seed of this run: `MODELGATE_TEST_SEED`, else one from the time. Say it in every failure. */
export function runSeed(): number {
  return Number(process.env['MODELGATE_TEST_SEED'] ?? Date.now() % 2 ** 31);
}
