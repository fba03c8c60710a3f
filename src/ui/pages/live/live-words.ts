/** A rate as people read it. */
export function perSecond(rate: number): string {
  return rate.toLocaleString('en', { maximumFractionDigits: rate < 10 ? 1 : 0 });
}

const units = [
  { name: 'µs', size: 1, below: 1000 },
  { name: 'ms', size: 1000, below: 1e6 },
  { name: 's', size: 1e6, below: 6e8 },
  { name: 'min', size: 6e7, below: Number.POSITIVE_INFINITY },
] as const;

/** A length of time, given in microseconds, with its unit. */
export function duration(microseconds: number): string {
  const unit = units.find(({ below }) => microseconds < below) ?? units[0];
  return `${(microseconds / unit.size).toLocaleString('en', { maximumSignificantDigits: 3 })} ${unit.name}`;
}
