import { useEffect, useState } from 'preact/hooks';
import type { Session, SignInMethods } from '../../../admin/schemas/sessions.ts';
import type { Api } from '../../api/api.ts';
import { toApiError } from '../../api/use-loaded.ts';
import { Form } from '../../parts/form/form.tsx';
import { sentence } from '../../parts/problem.tsx';
import { go, link, parseHash } from '../../route.ts';
import { LinkQuestion } from './link-question.tsx';

interface Props {
  readonly api: Api;
  readonly begin: (session: Session) => void;
  /** Over a page whose session ended: the page stays, with what was typed. */
  readonly isAgain?: boolean;
  /** The sign-in link that led here; absent: none did. */
  readonly byLink?: {
    readonly token: string | undefined;
    readonly forget: () => void;
    readonly current: string | undefined;
  };
}

/** Signs in by a legacy key, a one-time link or the site's identity provider. */
export function SignInPage({ api, begin, isAgain = false, byLink }: Props) {
  const [methods, setMethods] = useState<SignInMethods>();
  const [refusal, setRefusal] = useState(() => refusalIn(location.hash));
  const signIn = async (proof: object) => {
    const { body } = await api.send<Session>('POST', '/sessions', proof);
    if (!isAgain) {
      go(link`/`, 'replace');
    }
    begin(body);
  };
  useEffect(() => {
    api.get<SignInMethods>('/sign_in_methods').then(setMethods, fault => setRefusal(toApiError(fault).message));
  }, []);
  const redeem = async (sign_in_token: string) => {
    setRefusal('');
    await signIn({ sign_in_token }).catch(fault => setRefusal(toApiError(fault).message));
    byLink?.forget();
  };
  const leave = () => {
    byLink?.forget();
    if (byLink?.current !== undefined) {
      go(link`/`, 'replace');
    }
  };
  const Frame = isAgain ? 'section' : 'main';
  return (
    <Frame class="sign-in">
      {!isAgain && <h1>Sign in to Modelgate</h1>}
      {isAgain && <p>Sign in again to go on. What you typed is still there.</p>}
      {refusal && (
        <p class="fault" role="alert">
          {sentence(refusal)}
        </p>
      )}
      {byLink?.token !== undefined && (
        <LinkQuestion
          key={byLink.token}
          api={api}
          token={byLink.token}
          current={byLink.current}
          redeem={() => redeem(byLink.token ?? '')}
          leave={leave}
          refuse={fault => {
            setRefusal(toApiError(fault).message);
            byLink.forget();
          }}
        />
      )}
      {methods?.oidc && <ProviderLinks name={methods.oidc.name} isAgain={isAgain} />}
      <Form
        fields={[
          {
            name: 'legacy_key',
            label: 'Legacy API key',
            kind: 'secret',
            isRequired: true,
            autocomplete: 'current-password',
            hint: 'It begins with mgl_. An API key (mgk_) calls models and does not sign in.',
            check: checkLegacyKey,
          },
        ]}
        submit="Sign in"
        send={async values => {
          setRefusal('');
          await signIn({ legacy_key: values['legacy_key'] });
        }}
      />
      <p class="soft">
        No key? A site admin can make you a sign-in link; <code>modelgate serve</code> prints one for the first admin,
        at a terminal.
      </p>
    </Frame>
  );
}

const providerPath = '/api/v2/oidc/sign_in';

/** The ways to the site's identity provider. Over a page that must stay they open another tab, which tells this one of the sign-in. */
function ProviderLinks({ name, isAgain }: { name: string; isAgain: boolean }) {
  const [isAccountRefused] = useState(() => accountRefusals.includes(errorIn(location.hash)));
  return (
    <p class="actions">
      <a class="button main" href={providerPath} target={isAgain ? '_blank' : undefined}>
        Sign in with {name}
        {isAgain && ', in another tab'}
      </a>
      {isAccountRefused && (
        // The provider may still know the account that was refused, and would send it again without asking.
        <a class="button" href={`${providerPath}?prompt=login`}>
          Use another account of {name}
        </a>
      )}
    </p>
  );
}

function checkLegacyKey(value: string): string | undefined {
  return value.trim().startsWith('mgk_')
    ? 'This is an API key: it calls models. Sign in with your legacy key, which begins with mgl_.'
    : undefined;
}

/** What the server's codes mean to people; it sends a code, never a text. */
const refusals: ReadonlyMap<string, string> = new Map(
  Object.entries({
    unknown_identity: 'The provider knows you, but nobody has said who you are here: ask a site admin',
    deactivated: 'Your user is deactivated: ask a site admin',
    cancelled: 'You cancelled at the provider, so nobody is signed in',
    not_confirmed: 'The provider did not confirm this sign-in, or it took longer than 10 minutes: begin again',
    provider_unavailable: 'The provider does not answer now: sign in by key or link, or try again later',
    not_configured: 'This site has no provider to sign in with: use your key or a link',
    throttled: 'Too many sign-ins: wait a few seconds, then try again',
    unavailable: 'The server can sign nobody in now: try again in a few seconds',
  }),
);

/** Those of them that another account at the provider may mend. */
const accountRefusals: readonly string[] = ['unknown_identity', 'deactivated'];

/** The code that the browser came back with from the provider; empty: none. */
function errorIn(hash: string): string {
  return parseHash(hash).query['error'] ?? '';
}

/** Why nobody was signed in. */
function refusalIn(hash: string): string {
  const error = errorIn(hash);
  return error === '' ? '' : (refusals.get(error) ?? 'Signing in was refused: try again');
}
