const factors: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
};

/** Bytes of a Kubernetes quantity (`8Mi`, `8388608`); undefined for anything else. */
export function bytesOf(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d+)(|[kMG]|[KMG]i)$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits) * (factors[unit] ?? 1);
}
