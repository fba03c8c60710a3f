import type { AccessKeyClaim } from './credentials.ts';

/** What one place of a request says of the access key (B2, B4): query, header or body. */
export type Placement = Extract<AccessKeyClaim, { readonly kind: 'one' | 'absent' | 'ambiguous' }>;

export const ABSENT = { kind: 'absent' } as const satisfies Placement;
export const AMBIGUOUS = { kind: 'ambiguous' } as const satisfies Placement;

/** The placement that holds this trimmed value; blank counts as absent (B2). */
export function placementOf(value: string | undefined): Placement {
  return value === undefined || value === '' ? ABSENT : { kind: 'one', accessKey: value };
}

/** Joins two placements (B4): the key that they name if none contradicts the other, else ambiguous. */
export function agree(left: Placement, right: Placement): Placement {
  if (left.kind === 'ambiguous' || right.kind === 'absent') return left;
  if (right.kind === 'ambiguous' || left.kind === 'absent') return right;
  return left.accessKey === right.accessKey ? left : AMBIGUOUS;
}
