import type { OidcIdentity } from '../../../admin/schemas/oidc-identities.ts';
import type { SignInMethods } from '../../../admin/schemas/sessions.ts';
import type { User } from '../../../admin/schemas/users.ts';
import { type Api, ApiError, apiPath } from '../../api/api.ts';
import { useSignedIn } from '../../api/session.tsx';
import { useLoaded } from '../../api/use-loaded.ts';
import { FormDialog } from '../../parts/form/form-dialog.tsx';
import { useSurface } from '../../parts/surface.tsx';
import { useDoing } from '../../parts/use-doing.ts';

/** A fact of a user where the site has an identity provider: who the user is there, and how a site admin says so (T34). */
export function ProviderIdentity({ user }: { user: User }) {
  const { api, session } = useSignedIn();
  const { confirm, tell } = useSurface();
  const doing = useDoing();
  const { username } = user;
  const path = apiPath`/users/${username}/oidc_identity`;
  const { data, reload } = useLoaded(path, (asked, signal) => readIdentity(asked, path, signal));
  if (data === undefined || data.provider === undefined) {
    return null;
  }
  const { provider, subject } = data;
  // Nobody opens a way to sign in as another site admin.
  const mayLink = session.site_admin && (!user.site_admin || session.username === username);
  const unlink = () =>
    confirm({
      title: `Unlink ${username} from ${provider}?`,
      says: <p>{username} can no longer sign in there, and the sessions that began so end. Keys and links go on.</p>,
      verb: 'Unlink identity',
      act: async () => {
        const { revision } = await api.send('DELETE', path);
        tell(`${username} is linked to nobody at ${provider}.`, revision);
        reload();
      },
    });
  return (
    <>
      <dt>At {provider}</dt>
      <dd class="actions">
        {subject ? <code>{subject}</code> : <span class="soft">linked to nobody</span>}
        <span class="row-actions">
          {mayLink && !user.deactivated && (
            <button type="button" onClick={() => doing.begin('link-identity')}>
              {subject ? 'Change identity' : 'Link identity'}
            </button>
          )}
          {mayLink && subject && (
            <button type="button" onClick={unlink}>
              Unlink identity
            </button>
          )}
        </span>
      </dd>
      {doing.act === 'link-identity' && mayLink && (
        <FormDialog
          title={`Who is ${username} at ${provider}?`}
          fields={[
            {
              name: 'subject',
              label: 'Subject',
              kind: 'text',
              isRequired: true,
              hint: 'Called sub there; a name or an address links nobody. When somebody unknown was refused, the server’s log has it.',
            },
          ]}
          submit="Link identity"
          send={async values => {
            const { revision } = await api.send('PUT', path, { subject: values['subject']?.trim() });
            tell(`${username} may sign in with ${provider}.`, revision);
            doing.end();
            reload();
          }}
          leave={doing.end}
        />
      )}
    </>
  );
}

interface Known {
  /** What the provider is called; undefined: there is none. */
  readonly provider?: string;
  /** undefined: the user is linked to nobody there. */
  readonly subject?: string;
}

async function readIdentity(api: Api, path: string, signal: AbortSignal): Promise<Known> {
  const { oidc } = await api.get<SignInMethods>('/sign_in_methods', {}, signal);
  if (oidc === null) {
    return {};
  }
  try {
    const { subject } = await api.get<OidcIdentity>(path, {}, signal);
    return { provider: oidc.name, subject };
  } catch (fault) {
    if (fault instanceof ApiError && fault.status === 404) {
      return { provider: oidc.name };
    }
    throw fault;
  }
}
