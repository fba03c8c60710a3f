import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SessionRecord, SignInMethod, UserRecord } from '../../store/records.ts';
import type { Writes } from '../../store/store.ts';
import type { AdminContext } from '../context.ts';
import { callerAddress } from '../requests/caller-address.ts';
import { insertSession, setSessionCookie } from './sessions.ts';

/** Whom a credential signs in. */
export interface Holder {
  readonly user: UserRecord;
  readonly method: SignInMethod;
  /** For the audit. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface SignedIn {
  /** In the cookie, and nowhere else. */
  readonly secret: string;
  readonly session: SessionRecord;
  readonly user: UserRecord;
  readonly revision: number;
}

/**
 * Makes a session of whoever `redeem` answers, in one transaction with what it changes, and puts the cookie into the
 * reply. Rejects as `redeem` does: then nothing happened.
 */
export async function signInTo(
  context: AdminContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { actor, redeem }: { readonly actor: string; readonly redeem: (writes: Writes) => Promise<Holder> },
): Promise<SignedIn> {
  const author = { actor, address: callerAddress(request) };
  const { result, revision } = await context.store.write(author, async writes => {
    const holder = await redeem(writes);
    return { user: holder.user, ...(await insertSession(context, request, writes, holder)) };
  });
  setSessionCookie(context, request, reply, result.secret);
  return { ...result, revision };
}
