import type { SignInLink } from '../../../admin/schemas/sessions.ts';
import type { NewLegacyKey, User } from '../../../admin/schemas/users.ts';
import { apiPath } from '../../api/api.ts';
import { useSignedIn } from '../../api/session.tsx';
import { FormDialog } from '../../parts/form/form-dialog.tsx';
import { counted } from '../../parts/in-words.ts';
import { useSurface } from '../../parts/surface.tsx';
import { useDoing } from '../../parts/use-doing.ts';
import { go, link } from '../../route.ts';
import { personFields, toPerson } from './create-user-dialog.tsx';

/** What can be done with a user: some of it by the user itself, the rest by site admins. */
export function UserActions({ user, changed }: { user: User; changed: () => void }) {
  const { api, session } = useSignedIn();
  const { tell } = useSurface();
  const doing = useDoing();
  const isSelf = session.username === user.username;
  const { makeLink, rotateLegacyKey, toggle, remove } = useUserActs(user, changed);
  // Nobody acts in the name of another site admin.
  const mayActAs = isSelf || (session.site_admin && !user.site_admin);
  return (
    <div class="actions">
      {mayActAs && !user.deactivated && (
        <button type="button" onClick={makeLink}>
          Make sign-in link
        </button>
      )}
      {mayActAs && (
        <button type="button" onClick={rotateLegacyKey}>
          Rotate legacy key
        </button>
      )}
      {session.site_admin && (
        <>
          <button type="button" onClick={() => doing.begin('edit-user')}>
            Edit user
          </button>
          <button type="button" class={user.deactivated ? '' : 'danger'} onClick={toggle}>
            {user.deactivated ? 'Activate' : 'Deactivate'}
          </button>
          <button type="button" class="danger" onClick={remove}>
            Delete user
          </button>
        </>
      )}
      {doing.act === 'edit-user' && (
        <FormDialog
          title={`Edit user ${user.username}`}
          fields={personFields(user)}
          submit="Save user"
          send={async values => {
            const { revision } = await api.send('PATCH', apiPath`/users/${user.username}`, toPerson(values));
            tell(`User ${user.username} is changed.`, revision);
            doing.end();
            changed();
          }}
          leave={doing.end}
        />
      )}
    </div>
  );
}

function useUserActs(user: User, changed: () => void) {
  const { api } = useSignedIn();
  const { confirm, showSecret, tell } = useSurface();
  const { username } = user;
  const path = apiPath`/users/${username}`;
  const countKeys = async () => counted((await api.get<User>(path)).api_key_count, 'API key');
  const makeLink = () =>
    confirm({
      title: `Make a sign-in link for ${username}?`,
      says: (
        <p>
          Whoever opens it first is signed in as {username}, once, within 10 minutes. The audit says that you made it.
        </p>
      ),
      verb: 'Make sign-in link',
      act: async () => {
        const { body } = await api.send<SignInLink>('POST', `${path}:sign_in_link`);
        const says = `Give it to ${username} over a way that nobody else reads. It works once, until ${body.expires_at.slice(11, 16)} UTC.`;
        showSecret({ title: `Sign-in link for ${username}`, secret: body.url, what: 'the link', says });
      },
    });
  const rotateLegacyKey = () =>
    confirm({
      title: `Rotate the legacy key of ${username}?`,
      says: (
        <p>
          The legacy key that {username} has stops at once, and with it scripts and command lines that use it. API keys
          go on.
        </p>
      ),
      verb: 'Rotate legacy key',
      act: async () => {
        const { body } = await api.send<NewLegacyKey>('POST', `${path}/v1_key:rotate`);
        const says =
          'It opens the management API and the command line, and signs in here. It calls no model, and does not expire.';
        showSecret({ title: `Legacy key of ${username}`, secret: body.legacy_key, what: 'the key', says });
      },
    });
  const setDeactivated = async (deactivated: boolean) => {
    const { revision } = await api.send('PATCH', path, { deactivated });
    tell(`User ${username} is ${deactivated ? 'deactivated' : 'active again, without keys'}.`, revision);
    changed();
  };
  const toggle = () =>
    user.deactivated
      ? confirm({
          title: `Activate ${username}?`,
          says: <p>{username} may sign in and make keys again. The keys that ended stay ended.</p>,
          verb: 'Activate user',
          act: () => setDeactivated(false),
        })
      : confirm(
          countKeys().then(keys => ({
            title: `Deactivate ${username}?`,
            says: (
              <p>
                {username} is signed out everywhere; {keys} and the legacy key end for good, so that their calls are
                refused. Applications that {username} owns go on.
              </p>
            ),
            verb: 'Deactivate user',
            act: () => setDeactivated(true),
          })),
        );
  const remove = () =>
    confirm(
      countKeys().then(keys => ({
        title: `Delete user ${username}?`,
        says: (
          <p>
            {keys} of {username} are deleted with the user: their calls are refused at once. This can't be undone.
          </p>
        ),
        verb: `Delete user and ${keys}`,
        name: username,
        act: async () => {
          const { revision } = await api.send('DELETE', path);
          tell(`User ${username} is deleted.`, revision);
          go(link`/users`, 'replace');
        },
      })),
    );
  return { makeLink, rotateLegacyKey, toggle, remove };
}
