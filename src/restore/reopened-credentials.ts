import type { WholeSite } from '../admin/site/known-site.ts';
import { toStep } from '../admin/site/plan-step.ts';
import type { StoredApiKey } from '../store/api-key-store.ts';
import type { UserCredentials } from '../store/ended-store.ts';
import type { ApiKeyRecord } from '../store/records.ts';
import type { Reads } from '../store/store.ts';
import type { Reopened } from './reopened.ts';

/** API keys read at once. */
const keysPerRead = 500;
/** What of a key can be less in one store than in the other. */
const narrowed = ['audiences', 'models', 'expires_at'] as const;

/** Two stores of one site, and the users and applications of both. */
export interface ComparedStores {
  readonly replaced: Reads;
  readonly backup: Reads;
  readonly before: WholeSite;
  readonly after: WholeSite;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Credentials that a backup knows, and that the store which it replaces has ended since, or never had. */
export async function reopenedCredentials(stores: ComparedStores): Promise<Reopened[]> {
  return [...(await reopenedApiKeys(stores)), ...(await reopenedSignIns(stores))];
}

async function reopenedApiKeys({ replaced, backup, after, now }: ComparedStores): Promise<Reopened[]> {
  const found: Reopened[] = [];
  for (let mark = ''; ; ) {
    const page = await backup.listApiKeysBeginning('', {
      limit: keysPerRead,
      after: mark === '' ? undefined : { id: mark },
    });
    const live = page.map(({ key }) => key).filter(key => isLive(key, now));
    const ids = live.map(({ key_id }) => key_id);
    const stored = await backup.findApiKeys(ids);
    const known = await replaced.findApiKeys(ids);
    const ended = await replaced.findRevokedKeys(
      [...stored.values()].map(({ key, digest }) => ({ key_id: key.key_id, digest })),
    );
    for (const each of stored.values()) {
      const keyId = each.key.key_id;
      found.push(
        ...reopenedKey(each, known.get(keyId), ended.has(keyId)).map(([opens, end]) => ({
          kind: 'api_key',
          id: keyId,
          opens,
          command: deletionOf(each.key, after),
          ...end,
        })),
      );
    }
    const last = page.at(-1);
    if (!last || page.length < keysPerRead) {
      return found;
    }
    mark = last.key.key_id;
  }
}

type Opening = readonly [opens: readonly string[], end: Pick<Reopened, 'end'>];

/** A key that is rotated is remembered as ended, and works on for a while: what is listed decides. */
function reopenedKey(
  { key, digest }: StoredApiKey,
  known: StoredApiKey | undefined,
  isEnded: boolean,
): readonly Opening[] {
  const isSame = known?.digest === digest && known.key.principal === key.principal;
  if (isSame && known.key.ended_at === null) {
    return narrowed.flatMap((field): Opening[] => {
      const { opens = [] } = toStep('update', 'api_key', key.key_id, {
        before: known.key,
        after: { [field]: key[field] },
      });
      const changes: Partial<ApiKeyRecord> = { [field]: known.key[field] };
      return opens.length > 0
        ? [[opens, { end: writes => writes.updateApiKeys([{ key_id: key.key_id, changes }]) }]]
        : [];
    });
  }
  return isEnded || known
    ? [[['a key that was ended works again'], { end: writes => writes.deleteApiKey(key.key_id) }]]
    : [[['a key that the replaced store does not know works'], {}]];
}

async function reopenedSignIns({ replaced, backup, before, after }: ComparedStores): Promise<Reopened[]> {
  // Of users that are gone, or were deactivated, all ends with them.
  const isActive = (site: WholeSite, username: string) => site.users.get(username)?.deactivated === false;
  const names = [...after.users.values()].filter(
    ({ username }) => isActive(after, username) && isActive(before, username),
  );
  const usernames = names.map(({ username }) => username);
  const known = await replaced.findUserCredentials(usernames);
  const found = await backup.findUserCredentials(usernames);
  return [...found].flatMap(([username, credentials]) => reopenedSignInsOf(username, credentials, known.get(username)));
}

function reopenedSignInsOf(id: string, now: UserCredentials, known: UserCredentials | undefined): Reopened[] {
  const { legacyKeyDigest, identity } = now;
  const legacyKey: Reopened = {
    kind: 'legacy_key',
    id,
    opens: ['a legacy key that was ended works again'],
    command: ['users', 'rotate-legacy-key', id],
    end: writes => writes.endLegacyKey(id),
  };
  const oidcIdentity: Reopened = {
    kind: 'oidc_identity',
    id,
    opens: ['an identity at the OpenID provider that was taken away signs in again'],
    command: ['users', 'unlink-identity', id],
    end: writes => writes.deleteOidcIdentity(id),
  };
  const { issuer, subject } = known?.identity ?? {};
  return [
    ...(legacyKeyDigest !== null && legacyKeyDigest !== known?.legacyKeyDigest ? [legacyKey] : []),
    ...(identity && (identity.issuer !== issuer || identity.subject !== subject) ? [oidcIdentity] : []),
  ];
}

function isLive({ ended_at, expires_at }: ApiKeyRecord, now: number): boolean {
  return ended_at === null && (expires_at === null || expires_at > now);
}

function deletionOf({ key_id, principal }: ApiKeyRecord, { applications }: WholeSite): readonly string[] {
  return ['keys', 'delete', key_id, applications.has(principal) ? '--application' : '--user', principal];
}
