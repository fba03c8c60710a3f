import type { SessionRecord, SignInLinkRecord, UserRecord } from './records.ts';

/** What the product asks of a store about sessions and sign-in links; see store.ts for what holds for all of its parts. */

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
