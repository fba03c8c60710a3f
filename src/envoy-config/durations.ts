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
