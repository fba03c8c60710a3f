/** Milliseconds from 1970 that a Date can hold, on either side. */
const instantMax = 8.64e15;
/** What no reader takes for more than one value. */
const plainWord = /^[^\s,;=>"]+$/;

/**
 * The value of a field of the API for people: an instant (a number, in a field whose name ends so) in RFC 3339 and UTC, an owner by its
 * name, a list with commas, a text in quotes where it has no clear end.
 */
export function valueWords(field: string, value: unknown): string {
  if (value === null || value === undefined) {
    return 'none';
  }
  if (typeof value === 'number' && field.endsWith('_at') && Math.abs(value) <= instantMax) {
    return new Date(value).toISOString().replace('.000Z', 'Z');
  }
  if (Array.isArray(value)) {
    return value.map(each => valueWords(field, each)).join(', ') || 'none';
  }
  if (typeof value === 'object') {
    return ownerWords(value) ?? fieldWords(value, '=', ' ');
  }
  return typeof value === 'string' && !plainWord.test(value) ? JSON.stringify(value) : String(value);
}

/** Fields with their values, in a line. */
export function fieldWords(fields: object, mark = ': ', between = '; '): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}${mark}${valueWords(name, value)}`)
    .join(between);
}

export function changeWords(field: string, old: unknown, now: unknown): string {
  return `${field}: ${valueWords(field, old)} -> ${valueWords(field, now)}`;
}

/** What the audit tells of a change: each field, where it is known with its old value under `previous`. */
export function detailWords({ previous, ...fields }: Readonly<Record<string, unknown>>): string {
  const old = typeof previous === 'object' && previous !== null ? (previous as Record<string, unknown>) : {};
  const now: Record<string, unknown> = { ...Object.fromEntries(Object.keys(old).map(name => [name, null])), ...fields };
  return Object.keys(now)
    .map(name => (name in old ? changeWords(name, old[name], now[name]) : fieldWords({ [name]: now[name] })))
    .join('; ');
}

/** A project is owned by a user or a team. */
function ownerWords(value: object): string | undefined {
  const [[kind, name] = ['', undefined], ...more] = Object.entries(value);
  const isOwner = more.length === 0 && typeof name === 'string' && ['username', 'team'].includes(kind);
  return isOwner ? `${kind === 'team' ? 'team' : 'user'} ${name}` : undefined;
}
