const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };
const whole = /^(\d+(\.\d+)?(ms|s|m|h))+$/;

/** Seconds of a duration as protobuf (`0.5s`) or Kubernetes (`1m30s`, `500ms`) writes it; undefined for anything else. */
export function secondsOf(text: string): number | undefined {
  if (text === '0') {
    return 0;
  }
  return whole.test(text)
    ? [...text.matchAll(/([\d.]+)(ms|s|m|h)/g)].reduce(
        (sum, [, n, unit = 's']) => sum + Number(n) * (units[unit] ?? 0),
        0,
      )
    : undefined;
}

const multiples: Readonly<Record<string, number>> = {
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
  return digits === undefined ? undefined : Number(digits) * (multiples[unit] ?? 1);
}
