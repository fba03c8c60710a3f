import type { Permission, Put, Rows } from '../../src/changes/change-set.ts';
import { digestOf } from '../../src/keys/digest.ts';
import { isSecret } from '../../src/keys/holds-checked-secret.ts';

/**
 * Who may call what, written a second time from behaviour.md (parts 2 and 3) and apart from `src/decision`: over a plain
 * list of rows, from the first rule to the last, with nothing indexed. It is a reference, so it must stay obvious.
 */

export type KeyRead = { readonly key: string } | 'absent' | 'not_a_string';

/** What a call says of itself; `plainReading` makes one of a CheckRequest. */
export interface Claims {
  readonly accessKey: KeyRead | 'ambiguous' | { readonly seenInPart: KeyRead };
  /** What each header of API keys says that is not blank. */
  readonly apiKeys: readonly SentKey[];
  readonly pin: string | undefined;
}

/** `key` where the header could be one: printable ASCII without a comma. `value` is the header's as it came. */
export interface SentKey {
  readonly value: string;
  readonly key: string | undefined;
}

/** A site as its rows, or undefined before the first snapshot; and how long ago it was last seen to be the newest. */
export interface PlainSite {
  readonly rows: readonly Put[] | undefined;
  readonly ageMs: number;
}

export interface Verdict {
  readonly outcome: 'allow' | 'deny';
  readonly reason: string;
  readonly model?: string;
  readonly keyId?: string;
  readonly principal?: string;
  readonly permission?: Permission;
  readonly shadowReason?: string;
}

/** Who calls, and what it holds on the model's project, if anything. */
type Caller = Pick<Verdict, 'keyId' | 'principal' | 'permission'>;

/** B42's form; no test sends one whose checksum is wrong. */
const ownForm = /^mg[klsb]_[0-9A-Za-z]{49}$/;
const order: readonly Permission[] = ['business_user', 'read', 'operator', 'write', 'admin'];

export function plainVerdict(
  { rows, ageMs }: PlainSite,
  { accessKey: read, apiKeys, pin }: Claims,
  now: number,
): Verdict {
  if (rows === undefined) return deny('not_ready');
  const [settings] = all(rows, 'settings');
  const limitMs = (settings?.stale_after_seconds ?? 0) * 1000;
  if (limitMs > 0 && ageMs > limitMs) return deny('stale');

  if (read === 'ambiguous') return deny('access_key_ambiguous');
  const pinned = all(rows, 'model').find(row => row.model_id === pin);
  const isPart = typeof read === 'object' && 'seenInPart' in read;
  if (isPart && pinned?.auth_enabled !== true) return deny('body_incomplete');
  const accessKey = isPart ? read.seenInPart : read;
  if (accessKey === 'not_a_string') return deny('access_key_missing');
  if (accessKey === 'absent' && pin === undefined) return deny('access_key_missing');
  if (pin !== undefined && pinned === undefined) return deny('access_key_unknown');
  const named =
    accessKey === 'absent' ? pinned : all(rows, 'model').find(row => row.access_key_digest === digestOf(accessKey.key));
  if (named === undefined) return deny('access_key_unknown');
  if (pinned !== undefined && pinned !== named) return deny('model_mismatch');
  if (accessKey === 'absent' && !named.auth_enabled) return deny('access_key_missing');

  const model = { model: named.model_id };
  const judged = judgeCaller(rows, named, chosenKey(rows, apiKeys), now);
  if (named.auth_enabled) {
    if (judged.reason !== undefined) return deny(judged.reason, { ...model, ...judged.caller });
    if (named.stopped) return deny('model_stopped', { ...model, ...judged.caller });
    return { outcome: 'allow', reason: 'authorized', ...model, ...judged.caller };
  }
  const caller = judged.isValidForCalls ? judged.caller : {};
  if (named.stopped) return deny('model_stopped', { ...model, ...caller });
  const shadow = named.auth_shadow && judged.reason !== undefined ? { shadowReason: judged.reason } : {};
  return { outcome: 'allow', reason: 'authentication_off', ...model, ...caller, ...shadow };
}

interface Judged {
  readonly reason?: string;
  readonly caller?: Caller;
  readonly isValidForCalls?: boolean;
}

type ChosenKey = { readonly key: string } | 'absent' | 'malformed' | 'two_differ';

/** B6, B53: of several headers those count that hold a key of ours. One that holds ours, and is none, agrees with no other. */
function chosenKey(rows: readonly Put[], sent: readonly SentKey[]): ChosenKey {
  const [first] = sent;
  if (first === undefined) return 'absent';
  if (sent.every(({ key }) => key !== undefined && key === first.key)) return { key: String(first.key) };
  if (sent.length === 1) return 'malformed';
  const isOurs = (text: string) =>
    (ownForm.test(text) && isSecret(text)) || all(rows, 'api_key').some(row => row.digest === digestOf(text));
  const held = sent.flatMap(({ value, key }) => {
    if (key !== undefined && isOurs(key)) return [key];
    const texts = value.split(/[^0-9A-Za-z._~+/-]+/);
    return texts.some(isOurs) ? ['malformed'] : [];
  });
  const [one = 'malformed', ...others] = new Set(held);
  if (others.length > 0) return 'two_differ';
  return one === 'malformed' ? one : { key: one };
}

/** B14 to B21 and B44, as if the model's authentication were on. */
function judgeCaller(rows: readonly Put[], model: Rows['model'], apiKey: ChosenKey, now: number): Judged {
  if (apiKey === 'two_differ') return { reason: 'api_key_ambiguous' };
  if (apiKey === 'absent') return { reason: 'api_key_missing' };
  if (apiKey === 'malformed') return { reason: 'api_key_invalid' };
  const key = all(rows, 'api_key').find(row => row.digest === digestOf(apiKey.key));
  const owner = all(rows, 'principal').find(row => row.principal === key?.principal);
  if (key === undefined || owner === undefined || !owner.active) return { reason: 'api_key_invalid' };
  const permission = permissionOn(rows, model.project_id, owner.principal);
  const caller = { keyId: key.key_id, principal: owner.principal, ...(permission && { permission }) };
  if (key.expires_at !== null && key.expires_at <= now) return { reason: 'api_key_expired', caller };
  if (!key.audiences.includes('API')) return { reason: 'audience_mismatch', caller };
  const known = { caller, isValidForCalls: true };
  if (permission === undefined || permission === 'business_user') return { reason: 'not_authorized', ...known };
  if (key.models !== null && !key.models.includes(model.model_id)) return { reason: 'key_scope', ...known };
  return known;
}

/** The highest that applies (B19 to B21). */
function permissionOn(rows: readonly Put[], projectId: string, principal: string): Permission | undefined {
  const project = all(rows, 'project').find(row => row.project_id === projectId);
  if (project === undefined) return undefined;
  const inTeam = (team: string | null) =>
    all(rows, 'team_member').filter(row => row.team === team && row.principal === principal);
  const held: Permission[] = [];
  if (project.owner_user === principal) held.push('admin');
  if (project.visibility === 'public') held.push('read');
  if (project.visibility === 'organization') held.push(...inTeam(project.owner_team).map(row => row.permission));
  for (const row of all(rows, 'collaborator')) {
    if (row.project_id === projectId && row.principal === principal) held.push(row.permission);
  }
  for (const added of all(rows, 'team_collaborator').filter(row => row.project_id === projectId)) {
    const members = inTeam(added.team);
    held.push(...members.map(row => (added.mode === 'override' ? added.permission : row.permission)));
  }
  return order.findLast(permission => held.includes(permission));
}

function all<K extends keyof Rows>(rows: readonly Put[], kind: K): Rows[K][] {
  return rows.filter(put => put.kind === kind).map(put => put.row as Rows[K]);
}

function deny(reason: string, known: Omit<Verdict, 'outcome' | 'reason'> = {}): Verdict {
  return { outcome: 'deny', reason, ...known };
}
