import type { User } from '../../../admin/schemas/users.ts';
import { useSignedIn } from '../../api/session.tsx';
import { checkPrincipalName, type Field, type Values } from '../../parts/form/field.ts';
import { FormDialog } from '../../parts/form/form-dialog.tsx';
import { useSurface } from '../../parts/surface.tsx';
import { go, link } from '../../route.ts';

/** Makes a user and goes to its page, where a sign-in link can be made. */
export function CreateUserDialog({ leave }: { leave: () => void }) {
  const { api } = useSignedIn();
  const { tell } = useSurface();
  const send = async (values: Values) => {
    const body = { username: values['username'], ...toPerson(values) };
    const { revision } = await api.send<User>('POST', '/users', body);
    tell(`User ${body.username} is made. A sign-in link lets them in.`, revision);
    go(link`/users/${body.username ?? ''}`, 'replace');
  };
  const username: Field = {
    name: 'username',
    label: 'User name',
    kind: 'text',
    isRequired: true,
    hint: 'Everything refers to the user by it, so it cannot be changed.',
    check: checkPrincipalName,
  };
  return (
    <FormDialog
      title="Create a user"
      fields={[username, ...personFields()]}
      submit="Create user"
      send={send}
      leave={leave}
    />
  );
}

/** What can be changed of a user. */
export function personFields(user?: User): Field[] {
  return [
    { name: 'name', label: 'Name for people', kind: 'text', value: user?.name ?? '' },
    {
      name: 'email',
      label: 'E-mail address',
      kind: 'text',
      value: user?.email ?? '',
      check: value => (/^[^@\s]+@[^@\s]+$/.test(value.trim()) ? undefined : 'This is no e-mail address.'),
    },
    {
      name: 'site_admin',
      label: 'Site admin: may manage everything',
      kind: 'check',
      value: user?.site_admin ? 'yes' : '',
      hint: 'It gives no right to call models.',
    },
  ];
}

export function toPerson({ name, email, site_admin }: Values): object {
  return { name, email, site_admin: site_admin === 'yes' };
}
