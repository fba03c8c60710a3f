import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { Flow } from './flow-cookie.ts';

/** What is set up for signing in by an OpenID provider. */
export interface ProviderSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What it is called, for people. */
  readonly name: string;
  /** Whether whoever the provider knows becomes a user at the first sign-in; else a site admin links them beforehand. */
  readonly createUsers: boolean;
  /** Origin of the admin pages: the only one that a sign-in comes back to. */
  readonly adminUrl: string;
}

/** Whom the provider has signed in. Issuer and subject are the identity; the rest may change, and decides nothing (T34). */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  readonly preferredUsername: unknown;
  readonly name: unknown;
  readonly email: unknown;
}

const callbackPath = '/api/v2/oidc/callback';

/** Longest wait for an answer of the provider, in seconds. */
const timeoutSeconds = 5;
/** What the provider says of itself is asked again after so long, in milliseconds. */
const discoveredForMs = 3_600_000;

/**
 * Speaks with the provider by `openid-client`. Nothing is asked before somebody signs in, so that a provider that is down
 * ends no start and touches no other way of signing in.
 */
export class OpenIdProvider {
  readonly settings: ProviderSettings;
  readonly #now: () => number;
  #discovered: { readonly config: Promise<Configuration>; readonly at: number } | undefined;

  constructor(settings: ProviderSettings, now: () => number) {
    this.settings = settings;
    this.#now = now;
  }

  /**
   * Where the browser goes to sign in, and what it carries there and back. With `prompt` login, the provider asks whom it
   * knows, too. Rejects where the provider does not answer.
   */
  async begin(prompt?: 'login'): Promise<{ readonly url: URL; readonly flow: Flow }> {
    const config = await this.#configuration();
    const flow = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier(), at: this.#now() };
    const url = buildAuthorizationUrl(config, {
      redirect_uri: this.settings.adminUrl + callbackPath,
      scope: 'openid profile email',
      state: flow.state,
      nonce: flow.nonce,
      code_challenge: await calculatePKCECodeChallenge(flow.verifier),
      code_challenge_method: 'S256',
      ...(prompt && { prompt }),
    });
    return { url, flow };
  }

  /** Whom the provider's answer signs in, unless they turned back. Rejects where anything in it, or in the ID token, is not as it must be. */
  async finish(pathAndQuery: string, { state, nonce, verifier }: Flow): Promise<Identity | 'cancelled'> {
    const url = new URL(this.settings.adminUrl + pathAndQuery);
    const redeemed = authorizationCodeGrant(await this.#configuration(), url, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    });
    const tokens = await redeemed.catch(cancelledOrThrow);
    if (tokens === 'cancelled') {
      return tokens;
    }
    const claims = tokens.claims();
    if (!claims?.sub) {
      throw new Error('the ID token has no subject');
    }
    const { iss: issuer, sub: subject, preferred_username: preferredUsername, name, email } = claims;
    return { issuer, subject, preferredUsername, name, email };
  }

  /** One discovery at a time; one that failed is made again by whoever asks next. */
  #configuration(): Promise<Configuration> {
    if (this.#discovered && this.#now() - this.#discovered.at < discoveredForMs) {
      return this.#discovered.config;
    }
    const config = this.#discover();
    const discovered = { config, at: this.#now() };
    this.#discovered = discovered;
    config.catch(() => {
      if (this.#discovered === discovered) {
        this.#discovered = undefined;
      }
    });
    return config;
  }

  #discover(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    const url = new URL(issuer);
    // The signature is checked whatever the way of the token, and over plain HTTP only on this machine: see the setting.
    const execute =
      url.protocol === 'http:' ? [allowInsecureRequests, enableNonRepudiationChecks] : [enableNonRepudiationChecks];
    return discovery(url, clientId, undefined, clientAuthentication(clientSecret), {
      execute,
      timeout: timeoutSeconds,
    });
  }
}

/** What a provider answers whose page somebody left by "cancel" (RFC 6749, 4.1.2.1); state and issuer were checked before. */
function cancelledOrThrow(fault: unknown): 'cancelled' {
  if (fault instanceof AuthorizationResponseError && fault.error === 'access_denied') {
    return 'cancelled';
  }
  throw fault;
}

/** As the provider takes the secret; one that does not say takes it by Basic (OpenID Connect Discovery, 3). */
function clientAuthentication(secret: string): ClientAuth {
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)];
  return (server, ...more) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return (methods.includes('client_secret_basic') ? basic : post)(server, ...more);
  };
}
