import type { OidcIdentity, SessionRecord, SignInLinkRecord, UserRecord } from './records.ts';

/** What the product asks of a store about what signs users in: sessions, links and identities; see store.ts for what holds for all of its parts. */

export interface SessionReads {
  /** The session with this digest and its user, whether or not its time is over. */
  findSession(digest: string): Promise<{ readonly session: SessionRecord; readonly user: UserRecord } | undefined>;
  /** The link with this digest that nobody has redeemed, whether or not its time is over. */
  findSignInLink(digest: string): Promise<SignInLinkRecord | undefined>;
}

export interface SessionWrites {
  /**
   * Takes the sessions away whose time is over, and of a user that has very many the ones that were used longest ago.
   * `details` go into the audit. Rejects with `not_found` where the user is not there or deactivated.
   */
  insertSession(digest: string, session: SessionRecord, details?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Nothing happens where there is no such session. */
  deleteSession(digest: string): Promise<void>;
  /** Takes the links away whose time is over, and of a user that has very many the ones that end first. Rejects as `insertSession`. */
  insertSignInLink(digest: string, link: SignInLinkRecord): Promise<void>;
  /** Takes the link away and answers it, so that nobody can redeem it again; undefined: there is none. */
  takeSignInLink(digest: string): Promise<SignInLinkRecord | undefined>;
}

export interface OidcIdentityReads {
  /** The user whom an identity signs in, deactivated or not. */
  findUserByOidcIdentity(identity: OidcIdentity): Promise<UserRecord | undefined>;
  findOidcIdentityOf(username: string): Promise<OidcIdentity | undefined>;
}

export interface OidcIdentityWrites {
  /**
   * Makes the identity the user's, in place of one that it had: then all that signs the user in ends. Rejects with
   * `conflict` where it is another user's.
   */
  putOidcIdentity(username: string, identity: OidcIdentity): Promise<void>;
  /** Takes the user's identity away, and ends all sessions of the user and its links. Nothing happens where there is none. */
  deleteOidcIdentity(username: string): Promise<void>;
}
