import type { Permission } from './change-set.ts';

/** Whether a permission reaches another one (`business_user < read < operator < write < admin`). */
export function atLeast(held: Permission | undefined, wanted: Permission): boolean {
  return held !== undefined && rankOf(held) >= rankOf(wanted);
}

/** Comparisons of constants: each check asks, and a table that is looked up by a name costs more. */
function rankOf(permission: Permission): number {
  switch (permission) {
    case 'business_user':
      return 0;
    case 'read':
      return 1;
    case 'operator':
      return 2;
    case 'write':
      return 3;
    case 'admin':
      return 4;
  }
}
