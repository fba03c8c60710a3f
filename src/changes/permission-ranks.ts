import type { Permission } from './change-set.ts';

const ranks: Record<Permission, number> = { business_user: 0, read: 1, operator: 2, write: 3, admin: 4 };

/** Whether a permission reaches another one (`business_user < read < operator < write < admin`). */
export function atLeast(held: Permission | undefined, wanted: Permission): boolean {
  return held !== undefined && ranks[held] >= ranks[wanted];
}
