import type { Writes } from '../store/store.ts';

/** What a backup would let in, or let do more, than the store that it replaces does. */
export interface Reopened {
  /** As a plan of `apply` names kinds; besides, `legacy_key` and `oidc_identity`. */
  readonly kind: string;
  readonly id: string;
  /** Each a reason in words. */
  readonly opens: readonly string[];
  /** Words of the command line that take it away again, after `modelgate`. */
  readonly command: readonly string[];
  /** Takes it away within the restore; undefined: that is for a person to decide. */
  readonly end?: (writes: Writes) => Promise<void>;
}
