import { apiPath } from '../../api/api.ts';
import { type Held, PermissionDialog } from './permission-dialog.tsx';

/** Adds a user or application to a project, or changes what it holds. */
export function CollaboratorDialog({ projectId, ...held }: Held & { readonly projectId: string }) {
  return (
    <PermissionDialog
      {...held}
      title={held.name ? `Change what ${held.name} holds` : 'Add a user or application'}
      label="User or application"
      add="Add collaborator"
      pathOf={who => apiPath`/projects/${projectId}/collaborators/${who}`}
      told={(who, permission) => `${who} holds ${permission} on the project.`}
    />
  );
}
