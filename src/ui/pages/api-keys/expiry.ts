import type { Field, Option } from '../../parts/form/field.ts';

const dayMs = 86_400_000;

/** The last day (UTC) that a key made now may expire on (B29). */
export function latestDay(now: number, defaultDays: number): string {
  return dayIn(now, defaultDays);
}

/** The day, in UTC, so many days from now. */
function dayIn(now: number, days: number): string {
  return new Date(now + days * dayMs).toISOString().slice(0, 10);
}

/** The shortcuts of a date picker, as far as the site allows them. */
function shortcuts(now: number, defaultDays: number): Option[] {
  const near = [30, 90]
    .filter(days => days < defaultDays)
    .map(days => ({ value: dayIn(now, days), text: `${days} days` }));
  return [...near, { value: dayIn(now, defaultDays), text: 'Latest allowed' }];
}

/** Asks when a key expires. */
export function expiryField(now: number, defaultDays: number): Field {
  const latest = latestDay(now, defaultDays);
  const today = dayIn(now, 0);
  return {
    name: 'expiry_date',
    label: 'Expires at the end of',
    kind: 'date',
    min: today,
    max: latest,
    shortcuts: shortcuts(now, defaultDays),
    hint: `A day in UTC. The latest allowed is ${latest}; left empty, it is ${defaultDays} days from now.`,
    check: day => {
      if (day < today) {
        return `This day is over: choose one up to ${latest}.`;
      }
      return day > latest ? `This is too late: the latest allowed day is ${latest}.` : undefined;
    },
  };
}
