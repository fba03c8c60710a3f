import { changedFields, type Wanted } from '../../store/changed-fields.ts';
import type { Writes } from '../../store/store.ts';
import type { SiteDocument } from '../schemas/site.ts';
import type { Pace } from '../turns/pace.ts';
import type { KnownSite } from './known-site.ts';
import type { Step, Turn } from './plan-step.ts';

/** What each part of an apply works with. */
export interface Apply {
  readonly writes: Writes;
  readonly document: SiteDocument;
  /** The site as it was before. */
  readonly known: KnownSite;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Username of the site admin who applies it. */
  readonly caller: string;
  readonly pace: Pace;
  /** Notes a step that was taken; of what is made or changed, with what it was and is. */
  done(action: Step['action'], kind: string, id: string, turn?: Turn): void;
  /** Notes what the document asks for and is not done; `reason` says why, and what to do. */
  skipped(kind: string, id: string, reason: string): void;
}

/** Things written at once: so many that there are few statements, and so few that no check waits for what is made of them (T33). */
const thingsPerWrite = 1000;

interface Written<T> {
  readonly write: (piece: readonly T[]) => Promise<void>;
  readonly idOf: (thing: T) => string;
  /** A thing as it was before, in another form; absent: none was there. */
  readonly before?: (id: string) => object | undefined;
  /** A thing, or what is wanted of it, in the words of `before`; absent: it is in them. */
  readonly after?: (thing: T) => object;
}

/** Writes things in pieces, and notes a step for each. */
export async function writeAll<T extends object>(
  { pace, done }: Apply,
  kind: string,
  things: readonly T[],
  { write, idOf, before: beforeOf = () => undefined, after: afterOf = thing => thing }: Written<T>,
): Promise<void> {
  for (let at = 0; at < things.length; at += thingsPerWrite) {
    const piece = things.slice(at, at + thingsPerWrite);
    await write(piece);
    for (const thing of piece) {
      const [id, before] = [idOf(thing), beforeOf(idOf(thing))];
      done(before ? 'update' : 'create', kind, id, { before, after: afterOf(thing) });
    }
    await pace.pause();
  }
}

/** Writes what is wanted other than it is, and notes the step; does nothing where it is the same. */
export async function update<T extends object>(
  { done }: Apply,
  [kind, id]: readonly [kind: string, id: string],
  [old, wanted]: readonly [old: T, wanted: Wanted<T>],
  write: (changed: Partial<T>) => Promise<void>,
): Promise<void> {
  const changed = changedFields(old, wanted);
  if (Object.keys(changed).length > 0) {
    await write(changed);
    done('update', kind, id, { before: old, after: changed });
  }
}
