/** The last entry of the page before: its id, and what the list is sorted by. A time that is missing counts as -1. */
export interface PageMark {
  readonly id: string;
  readonly value?: string | number | undefined;
}

/** One page of a list: up to `limit` entries after a mark, in the order of the id or of `sort`. */
export interface PageQuery {
  readonly after?: PageMark | undefined;
  readonly limit: number;
  /** A field of the list's records that it may be sorted by; the mark was taken under the same. */
  readonly sort?: { readonly field: string; readonly descending: boolean } | undefined;
  /** Part of an id or name, in any case; no pattern. */
  readonly search?: string | undefined;
}
