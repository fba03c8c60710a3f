import { digestOf } from '../../keys/digest.ts';
import type { UserRecord } from '../../store/records.ts';
import type { Reads, Writes } from '../../store/store.ts';
import { displayName, newPrincipalName } from '../schemas/fields.ts';
import { email } from '../schemas/users.ts';
import { insertUser } from '../site-users.ts';
import type { Identity } from './openid-provider.ts';

/** Digits of the digest that tells apart people of the same name: enough for any site. */
const markLength = 12;

/**
 * The name of the user whom an identity is to become: what the provider calls it where that is free, else one that
 * nobody has. Never a user that is there: an identity is issuer and subject, and nothing else links it (T34).
 */
export async function nameForIdentity(
  reads: Pick<Reads, 'isNameFree'>,
  { issuer, subject, preferredUsername }: Identity,
): Promise<string> {
  const wanted = newPrincipalName.safeParse(preferredUsername).data;
  const isFree = wanted !== undefined && (await reads.isNameFree(wanted));
  return isFree ? wanted : `oidc-${digestOf(JSON.stringify([issuer, subject])).slice(0, markLength)}`;
}

/** Makes the user of an identity that nobody has. What the provider says of name and address is kept where it is fit to be shown. */
export async function insertUserOf(
  writes: Writes,
  username: string,
  { issuer, subject, ...told }: Identity,
  now: number,
): Promise<UserRecord> {
  const name = displayName.safeParse(told.name).data ?? '';
  await insertUser(writes, { username, name, email: email.safeParse(told.email).data ?? '', site_admin: false }, now);
  await writes.putOidcIdentity(username, { issuer, subject });
  return (await writes.findUser(username)) as UserRecord;
}
