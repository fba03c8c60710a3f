/** What is wanted of a thing; undefined values ask for nothing. */
export type Wanted<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** The fields that really change, for a write that is asked for more than that. */
export function changedFields<T extends object>(old: T, wanted: Wanted<T>): Partial<T> {
  const changed: Partial<T> = {};
  for (const name of Object.keys(wanted) as (keyof T)[]) {
    if (wanted[name] !== undefined && JSON.stringify(wanted[name]) !== JSON.stringify(old[name])) {
      changed[name] = wanted[name];
    }
  }
  return changed;
}
