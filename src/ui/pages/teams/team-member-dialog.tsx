import type { UserList } from '../../../admin/schemas/users.ts';
import { apiPath } from '../../api/api.ts';
import { useSignedIn } from '../../api/session.tsx';
import { checkIdentifier, type Values } from '../../parts/form/field.ts';
import { FormDialog } from '../../parts/form/form-dialog.tsx';
import { useSurface } from '../../parts/surface.tsx';
import { permissions } from '../projects/visibility.ts';

interface Props {
  readonly team: string;
  /** Whose permission is changed; empty: somebody is added. */
  readonly name: string;
  readonly held: string;
  readonly changed: () => void;
  readonly leave: () => void;
}

/** Adds a user to a team, or changes what it holds there. */
export function TeamMemberDialog({ team, name, held, changed, leave }: Props) {
  const { api, session } = useSignedIn();
  const { tell } = useSurface();
  const send = async ({ username = '', permission }: Values) => {
    const who = name || username;
    const { revision } = await api.send('PUT', apiPath`/teams/${team}/members/${who}`, { permission });
    tell(`${who} holds ${permission} in team ${team}.`, revision);
    leave();
    changed();
  };
  const suggest = async (typed: string) => {
    const { users } = await api.get<UserList>('/users', { search_filter: typed, page_size: 10 });
    return users.map(each => each.username);
  };
  const user = {
    name: 'username',
    label: 'User',
    kind: 'text' as const,
    isRequired: true,
    check: checkIdentifier,
    ...(session.site_admin ? { suggest } : {}),
  };
  return (
    <FormDialog
      title={name ? `Change what ${name} holds in team ${team}` : `Add a member to team ${team}`}
      fields={[
        ...(name ? [] : [user]),
        { name: 'permission', label: 'Permission', kind: 'choice', options: permissions, value: held || 'read' },
      ]}
      submit={name ? 'Save permission' : 'Add member'}
      send={send}
      leave={leave}
    />
  );
}
