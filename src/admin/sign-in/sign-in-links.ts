import { digestOf } from '../../keys/digest.ts';
import { makeSecret } from '../../keys/secret.ts';
import type { SignInLinkRecord } from '../../store/records.ts';
import type { Reads, Writes } from '../../store/store.ts';

/** A link is made to be opened at once, in milliseconds. */
export const linkLifeMs = 600_000;

/** A new link for a user, with its digest in the store; answers the token, which is in nothing but the link, and its end. */
export async function insertSignInLink(
  writes: Writes,
  { username, madeBy, now }: { readonly username: string; readonly madeBy: string; readonly now: number },
): Promise<{ readonly token: string; readonly expiresAt: number }> {
  const token = makeSecret('sign_in_token');
  const expiresAt = now + linkLifeMs;
  await writes.insertSignInLink(digestOf(token), { username, made_by: madeBy, expires_at: expiresAt });
  return { token, expiresAt };
}

/** The link as people open it. The token stands in the fragment, which no browser sends: it gets into no server's log. */
export function signInUrl(origin: string, token: string): string {
  return `${origin}/#/sign-in?token=${token}`;
}

/** A link that can be redeemed still; undefined: there is none with this token, it was used, or its time is over. */
export async function findLiveLink(
  reads: Pick<Reads, 'findSignInLink'>,
  token: string,
  now: number,
): Promise<SignInLinkRecord | undefined> {
  const link = await reads.findSignInLink(digestOf(token));
  return link && link.expires_at > now ? link : undefined;
}
