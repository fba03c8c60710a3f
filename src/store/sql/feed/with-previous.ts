/**
 * What the audit tells of a change: each field's new value, and under `previous` the old one of the same fields (B37). Only
 * fields of `changed` are told, so what is left out of it, such as an access key, is in neither.
 */
export function withPrevious<T extends object>(changed: T, old: object | undefined): object {
  if (old === undefined) {
    return changed;
  }
  const before = old as Readonly<Record<string, unknown>>;
  const previous = Object.fromEntries(Object.keys(changed).map(name => [name, before[name] ?? null]));
  return { ...changed, previous };
}
