import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Permission } from '../changes/change-set.ts';
import type { SessionRecord, UserRecord } from '../store/records.ts';
import type { Author, Reads, Store, WriteKind, Writes } from '../store/store.ts';
import { ApiError } from './api-error.ts';
import type { Denial } from './denial.ts';
import type { OpenIdProvider } from './oidc/openid-provider.ts';
import type { QuotaLimits } from './quota-limits.ts';
import { callerAddress } from './requests/caller-address.ts';
import { writeKindOf } from './requests/write-kind.ts';
import type { WritesUnderWay } from './requests/writes-under-way.ts';
import type { Explanation } from './schemas/decisions.ts';
import { authenticate } from './sign-in/authenticate.ts';
import type { SessionRules } from './sign-in/sessions.ts';
import type { SignedInTurns } from './sign-in/signed-in-turns.ts';

/** Whose API key it is, or why it is of no use: the reasons of a check. */
export type KeyValidity =
  | { readonly valid: true; readonly principal: string }
  | {
      readonly valid: false;
      readonly reason: 'not_ready' | 'stale' | 'api_key_invalid' | 'api_key_expired' | 'audience_mismatch';
    };

/** A call to be explained: what Envoy would send, and when. */
export interface DescribedCall {
  readonly headers: Readonly<Record<string, string>>;
  /** With its query. */
  readonly path: string;
  readonly body: string;
  readonly pin: string | undefined;
  /** Digest of the API key that is meant, where the key itself is not at hand. */
  readonly apiKeyDigest: string | undefined;
  /** Milliseconds since 1970; undefined: now. */
  readonly at: number | undefined;
}

/** What checks came to in one step of time. */
export interface LiveSample {
  /** Milliseconds since 1970, of its end. */
  readonly at: number;
  /** How many checks were decided so, by outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** How many were refused, by reason; without those that were none. */
  readonly denials: Readonly<Record<string, number>>;
  /** Quantiles in seconds; undefined: nothing was answered. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly p999: number } | undefined;
  /** Revision of the snapshot; 0: there was none. */
  readonly revision: number;
  /** Age of the snapshot; undefined: there was none. */
  readonly ageSeconds: number | undefined;
}

/** What the routes work with; the parts beyond the store are given as functions, so that the admin plane knows no snapshot. */
export interface AdminContext {
  readonly store: Store;
  readonly writesUnderWay: WritesUnderWay;
  /** Through which each lookup of who asks goes. */
  readonly lookups: SignedInTurns;
  readonly quotas: QuotaLimits;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sessions: SessionRules;
  /** Absent: nobody signs in by OpenID Connect. */
  readonly provider: OpenIdProvider | undefined;
  /** What became of a sign-in at the provider, for the log: never a code, token or cookie. */
  readonly noteSignIn: (fields: object, message: string) => void;
  /** Where people open the admin pages, such as https://models.example.com; undefined: where the request at hand was sent to. */
  readonly adminUrl: string | undefined;
  /** How far the machine's clock is behind `now`, in milliseconds. */
  readonly clockBehindMs: () => number;
  /** Takes the machine's clock as right from here on; answers the time. Rejects with a StoreError where that can't be kept. */
  readonly acceptClock: () => Promise<number>;
  /** Resolves when checks see the revision (B38); rejects where it can't be published. */
  readonly publish: (revision: number) => Promise<void>;
  /** The effective permission on a project as checks see it now: for answers, never for a change (T52). */
  readonly permissionOn: (projectId: string, username: string) => Permission | undefined;
  /** The same as the store knows it, by the same rule: for changes, with the reads of their own transaction. */
  readonly storedPermission: (reads: Reads, projectId: string, principal: string) => Promise<Permission | undefined>;
  /** What a user holds in a team as checks see it; undefined: it is no member. */
  readonly permissionInTeam: (team: string, username: string) => Permission | undefined;
  /** Revision that checks of this server see; 0: there is no snapshot yet. */
  readonly snapshotRevision: () => number;
  readonly validateKey: (apiKey: string, audience: 'API' | 'Application') => KeyValidity;
  /** The decision on a described call by the very code that answers checks; changes and counts nothing. */
  readonly explain: (call: DescribedCall) => Explanation;
  /** Refused calls that this process remembers, newest first (B48). */
  readonly denials: () => readonly Denial[];
  /** What checks of this process came to since an instant, in steps of so many seconds, oldest first. */
  readonly live: (since: number, intervalSeconds: 5 | 60) => readonly LiveSample[];
  /** Writes what is known of key uses to the store, so that a list is up to date (B32). */
  readonly flushKeyUses: () => Promise<void>;
  /** The same for calls that shadow would refuse (B45). */
  readonly flushShadowDenials: () => Promise<void>;
}

/** The signed-in user of a request; set before any handler of the API runs. */
export function callerOf(request: FastifyRequest): UserRecord {
  return request.caller as UserRecord;
}

/**
 * Makes a change in the name of the request's caller, and answers only when checks see it (B38). Who the
 * caller is and what it may do is asked again inside the transaction: a right may have been taken away
 * while the body was on its way.
 */
export async function change<T>(
  context: AdminContext,
  request: FastifyRequest,
  reply: FastifyReply,
  make: (writes: Writes) => Promise<T>,
): Promise<T> {
  const author = { actor: callerOf(request).username, address: callerAddress(request) };
  return commit(context, { author, kind: writeKindOf(request) }, reply, async writes => {
    request.caller = (await authenticate(context, request, writes)).user;
    for (const demand of request.demands) {
      await demand(writes);
    }
    return make(writes);
  });
}

/** In whose name a change is made, and what for. */
interface Ordered {
  readonly author: Author;
  readonly kind: WriteKind;
}

/**
 * Makes a change for an author that no legacy key stands for, and answers only when checks see it (B38). The reply carries
 * the revision. Rejects with 429 where the author has too many under way.
 */
export async function commit<T>(
  context: AdminContext,
  { author, kind }: Ordered,
  reply: FastifyReply,
  make: (writes: Writes) => Promise<T>,
): Promise<T> {
  const { store, writesUnderWay } = context;
  const write = async () => {
    const committed = await store.write(author, make, kind).catch(async refusal => {
      // "There is no such key" must not be said while checks still take it.
      await inForce(context, reply);
      throw refusal;
    });
    await inForce(context, reply, committed.revision);
    return committed.result;
  };
  return writesUnderWay.run(author, kind, write);
}

/** Waits until checks see a revision, by default all that is committed, and tells the reply. Rejects where it can't be published. */
export async function inForce(
  { store, publish }: AdminContext,
  reply: FastifyReply,
  committed?: number,
): Promise<void> {
  const revision = committed ?? (await store.head()).revision;
  reply.header('x-modelgate-revision', String(revision));
  await publish(revision).catch(cause => {
    throw new ApiError('unavailable', `saved as revision ${revision}, but not in force yet: see /readyz`, [], cause);
  });
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: UserRecord | undefined;
    /** Of a request that came by a browser session. */
    session: SessionRecord | undefined;
    /** What the caller must hold for this request; each throws where it does not. */
    demands: ((reads: Reads) => void | Promise<void>)[];
  }
}
