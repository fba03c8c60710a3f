import { apiPath } from '../../api/api.ts';
import { type Held, PermissionDialog } from '../projects/permission-dialog.tsx';

/** Adds a user to a team, or changes what it holds there. */
export function TeamMemberDialog({ team, ...held }: Held & { readonly team: string }) {
  return (
    <PermissionDialog
      {...held}
      title={held.name ? `Change what ${held.name} holds in team ${team}` : `Add a member to team ${team}`}
      label="User"
      add="Add member"
      pathOf={who => apiPath`/teams/${team}/members/${who}`}
      told={(who, permission) => `${who} holds ${permission} in team ${team}.`}
    />
  );
}
