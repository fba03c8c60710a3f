import type { Writes } from '../../store/store.ts';
import type { SitePlan } from '../schemas/site.ts';

export type Step = SitePlan['steps'][number];

/** What each part of an apply works with. */
export interface Apply {
  readonly writes: Writes;
  readonly now: number;
  /** Notes a step, and runs it. */
  step(action: Step['action'], kind: string, id: string, run: () => Promise<void>): Promise<void>;
  /** Notes a step that was taken together with others. */
  done(action: Step['action'], kind: string, id: string): void;
}

/** Whether a thing is other than what is wanted of it; absent fields want nothing. */
export function differs<T extends object>(thing: T, wanted: { readonly [K in keyof T]?: unknown }): boolean {
  return Object.entries(wanted).some(
    ([name, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(thing[name as keyof T]),
  );
}

/** An object without its undefined fields. */
export function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
