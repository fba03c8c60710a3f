import { z } from 'zod';
import { fieldError } from '../api-error.ts';

export const dayMs = 86_400_000;
const dateOnly = /^(\d{4})-(\d{2})-(\d{2})$/;
const instantWithOffset = z.iso.datetime({ offset: true });
/** RFC 3339 has four digits for the year. */
const latestWritable = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** A key whose expiry is no more than so many days away is marked and counted, narrowest first (B47). */
export const expiresSoonDays = [7, 30] as const;

/** The narrowest of those in which a key expires that has not yet; null: none. */
export function expiresWithinDays(expiry: number | null, now: number): (typeof expiresSoonDays)[number] | null {
  const isLive = expiry !== null && expiry > now;
  return (isLive && expiresSoonDays.find(days => expiry <= now + days * dayMs)) || null;
}

/** Last instant at which a key made now may expire: the end (UTC) of today plus the default number of days (B29). */
export function latestExpiry(now: number, defaultDays: number): number {
  return endOfDay(now) + defaultDays * dayMs;
}

/** When a key without a chosen expiry expires. */
export function defaultExpiry(now: number, defaultDays: number): number {
  return now + defaultDays * dayMs;
}

/** An expiry as chosen at creation; rejects what is no date, lies in the past or beyond the latest allowed date (B29). */
export function chosenExpiry(text: string, now: number, defaultDays: number): number {
  const expiry = parseExpiry(text);
  const latest = latestExpiry(now, defaultDays);
  const latestDate = new Date(latest).toISOString().slice(0, 10);
  if (expiry <= now) {
    throw fieldError('expiry_date', `${text} is in the past: choose a date up to ${latestDate}`);
  }
  if (expiry > latest) {
    throw fieldError('expiry_date', `${text} is too late: the latest allowed date is ${latestDate}`);
  }
  return expiry;
}

/** RFC 3339, or YYYY-MM-DD for the end of that day in UTC. Rejects anything else. */
export function parseExpiry(text: string, field = 'expiry_date'): number {
  const date = dateOnly.exec(text);
  const isInstant = instantWithOffset.safeParse(text.toUpperCase()).success;
  const expiry = date ? endOfDay(Date.parse(`${text}T00:00:00Z`)) : Date.parse(isInstant ? text : '');
  const isReal = !Number.isNaN(expiry) && (!date || new Date(expiry).toISOString().startsWith(text));
  if (!isReal || expiry > latestWritable) {
    throw fieldError(
      field,
      `${JSON.stringify(text.slice(0, 40))} is no date: write YYYY-MM-DD or an instant in RFC 3339`,
    );
  }
  return expiry;
}

/** The last millisecond of the day (UTC) that holds an instant. */
function endOfDay(instant: number): number {
  return Math.floor(instant / dayMs) * dayMs + dayMs - 1;
}
