const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const units = [
  { name: 'year', ms: 365 * day, from: 2 * 365 * day },
  { name: 'month', ms: 30 * day, from: 90 * day },
  { name: 'day', ms: day, from: 2 * day },
  { name: 'hour', ms: hour, from: 2 * hour },
  { name: 'minute', ms: minute, from: minute },
] as const;

/** How far an instant is from now, both in milliseconds since 1970: "in 12 days", "3 hours ago". */
export function inWords(at: number, now: number): string {
  const distance = Math.abs(at - now);
  const unit = units.find(({ from }) => distance >= from);
  if (unit === undefined) {
    return at > now ? 'in less than a minute' : 'just now';
  }
  // Rounded down, so that nothing is said to last longer than it does.
  const words = counted(Math.floor(distance / unit.ms), unit.name);
  return at > now ? `in ${words}` : `${words} ago`;
}

/** A number with its noun, in plural where it takes one. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}
