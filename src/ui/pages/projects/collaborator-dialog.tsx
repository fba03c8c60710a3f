import type { UserList } from '../../../admin/schemas/users.ts';
import { apiPath } from '../../api/api.ts';
import { useSignedIn } from '../../api/session.tsx';
import { checkIdentifier, type Values } from '../../parts/form/field.ts';
import { FormDialog } from '../../parts/form/form-dialog.tsx';
import { useSurface } from '../../parts/surface.tsx';
import { permissions } from './visibility.ts';

interface Props {
  readonly projectId: string;
  /** Whose permission is changed; empty: somebody is added. */
  readonly name: string;
  /** What it holds so far. */
  readonly held: string;
  readonly changed: () => void;
  readonly leave: () => void;
}

/** Adds a user or application to a project, or changes what it holds. */
export function CollaboratorDialog({ projectId, name, held, changed, leave }: Props) {
  const { api, session } = useSignedIn();
  const { tell } = useSurface();
  const send = async (values: Values) => {
    const who = name || (values['username'] ?? '');
    const path = apiPath`/projects/${projectId}/collaborators/${who}`;
    const { revision } = await api.send('PUT', path, { permission: values['permission'] });
    tell(`${who} holds ${values['permission']} on the project.`, revision);
    leave();
    changed();
  };
  const suggest = async (typed: string) => {
    const { users } = await api.get<UserList>('/users', { search_filter: typed, page_size: 10 });
    return users.map(({ username }) => username);
  };
  const who = {
    name: 'username',
    label: 'User or application',
    kind: 'text' as const,
    isRequired: true,
    check: checkIdentifier,
    ...(session.site_admin ? { suggest } : {}),
  };
  return (
    <FormDialog
      title={name ? `Change what ${name} holds` : 'Add a user or application'}
      fields={[
        ...(name ? [] : [who]),
        { name: 'permission', label: 'Permission', kind: 'choice', options: permissions, value: held || 'read' },
      ]}
      submit={name ? 'Save permission' : 'Add collaborator'}
      send={send}
      leave={leave}
    />
  );
}
