import type { UserList } from '../../../admin/schemas/users.ts';
import { useSignedIn } from '../../api/session.tsx';
import { checkPrincipalName, type Field, type Values } from '../../parts/form/field.ts';
import { FormDialog } from '../../parts/form/form-dialog.tsx';
import { useSurface } from '../../parts/surface.tsx';
import { permissions } from './visibility.ts';

/** What a page says that lets somebody add a holder of a permission, or change one. */
export interface Held {
  /** Whose permission is changed; empty: somebody is added. */
  readonly name: string;
  /** What it holds so far. */
  readonly held: string;
  readonly changed: () => void;
  readonly leave: () => void;
}

interface Props extends Held {
  readonly title: string;
  /** What a new one may be. */
  readonly label: string;
  /** Verb and noun of the button that adds one. */
  readonly add: string;
  readonly pathOf: (who: string) => string;
  /** What is said when it is done. */
  readonly told: (who: string, permission: string) => string;
}

/** Gives somebody a permission, or changes it; site admins are offered names. */
export function PermissionDialog({ name, held, changed, leave, title, label, add, pathOf, told }: Props) {
  const { api, session } = useSignedIn();
  const { tell } = useSurface();
  const send = async ({ username = '', permission = '' }: Values) => {
    const who = name || username;
    const { revision } = await api.send('PUT', pathOf(who), { permission });
    tell(told(who, permission), revision);
    leave();
    changed();
  };
  const suggest = async (typed: string) => {
    const { users } = await api.get<UserList>('/users', { search_filter: typed, page_size: 10 });
    return users.map(({ username }) => username);
  };
  const who: Field = {
    name: 'username',
    label,
    kind: 'text',
    isRequired: true,
    check: checkPrincipalName,
    ...(session.site_admin ? { suggest } : {}),
  };
  return (
    <FormDialog
      title={title}
      fields={[
        ...(name ? [] : [who]),
        { name: 'permission', label: 'Permission', kind: 'choice', options: permissions, value: held || 'read' },
      ]}
      submit={name ? 'Save permission' : add}
      send={send}
      leave={leave}
    />
  );
}
