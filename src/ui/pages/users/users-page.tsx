import type { User, UserList } from '../../../admin/schemas/users.ts';
import { List } from '../../parts/list/list.tsx';
import { Time } from '../../parts/time.tsx';
import { useDoing } from '../../parts/use-doing.ts';
import { link } from '../../route.ts';
import { CreateUserDialog } from './create-user-dialog.tsx';

/** All users of the site, found as their name is typed. */
export function UsersPage() {
  const doing = useDoing();
  return (
    <>
      <div class="head">
        <h1>Users</h1>
        <div class="actions">
          <button type="button" class="main" onClick={() => doing.begin('create-user')}>
            Create user
          </button>
        </div>
      </div>
      <List<User>
        title="Users"
        path="/users"
        entriesOf={(body: UserList) => body.users}
        idOf={user => user.username}
        search="Find by name or address"
        filters={[
          {
            name: 'expired',
            label: 'Expired keys',
            options: [
              { value: 'true', text: 'holds some' },
              { value: 'false', text: 'holds none' },
            ],
          },
        ]}
        columns={[
          {
            title: 'User',
            sort: 'username',
            cell: ({ username }) => <a href={link`/users/${username}`}>{username}</a>,
          },
          { title: 'Name', sort: 'name', cell: ({ name }) => name },
          {
            title: 'API keys',
            isNumber: true,
            cell: ({ api_key_count, expired_api_key_count }) => (
              <>
                {api_key_count}
                {expired_api_key_count > 0 && <span class="warning"> ({expired_api_key_count} expired)</span>}
              </>
            ),
          },
          {
            title: 'Last use',
            sort: 'last_used_at',
            cell: ({ last_used_at }) => (last_used_at ? <Time at={last_used_at} /> : <span class="soft">never</span>),
          },
          { title: 'Standing', cell: user => <Standing user={user} /> },
          { title: 'Created', sort: 'created_at', cell: ({ created_at }) => <Time at={created_at} /> },
        ]}
        empty={<p>A user signs in here and holds API keys. There is none.</p>}
      />
      {doing.act === 'create-user' && <CreateUserDialog leave={doing.end} />}
    </>
  );
}

/** What sets a user apart, in words. */
export function Standing({ user: { deactivated, site_admin } }: { user: User }) {
  if (deactivated) {
    return <span class="fault">deactivated</span>;
  }
  return <>{site_admin ? 'site admin' : 'active'}</>;
}
