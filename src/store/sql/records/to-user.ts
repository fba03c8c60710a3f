import type { UserRecord } from '../../records.ts';

/** A row of `principals` that is a user. */
export function toUser(row: Record<string, unknown> | undefined): UserRecord | undefined {
  return (
    row && {
      username: String(row['principal']),
      name: String(row['name']),
      email: String(row['email']),
      site_admin: Boolean(row['site_admin']),
      deactivated: Boolean(row['deactivated']),
      created_at: Number(row['created_at']),
    }
  );
}
