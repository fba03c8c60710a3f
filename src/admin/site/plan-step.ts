import type { Permission } from '../../changes/change-set.ts';
import { atLeast } from '../../changes/permission-ranks.ts';
import { toInstantOrNull } from '../schemas/fields.ts';
import type { SitePlan } from '../schemas/site.ts';

export type Step = SitePlan['steps'][number];
type Fields = Readonly<Record<string, unknown>>;

/** A thing as it was, absent where it is new, and as it will be: all of it, or what is wanted of it. */
export interface Turn {
  readonly before?: object | undefined;
  readonly after: object;
}

/** Confidential: a plan is shown, mailed and kept. */
const hidden = new Set(['access_key']);
const hiddenValue = '(confidential)';

const visibilities = ['private', 'organization', 'public'];

/** Why a step lets somebody in, or do more, who could not before; by the kind of thing. A kind that is not here never does. */
const openings: Readonly<Record<string, (after: Fields, before: Fields | undefined) => readonly (string | false)[]>> = {
  settings: (after, before) => [
    Number(after['default_api_key_expiration_days']) > Number(before?.['default_api_key_expiration_days']) &&
      'keys may live longer',
    limitOf(after['stale_after_seconds']) > limitOf(before?.['stale_after_seconds']) &&
      'checks are answered from older data',
  ],
  user: (after, before) => [
    became(true, after['site_admin'], before?.['site_admin']) && 'becomes a site admin',
    wasTrue(after['deactivated'], before?.['deactivated']) && 'is active again',
  ],
  application: (after, before) => [
    wasTrue(after['deactivated'], before?.['deactivated']) && 'is active again',
    before !== undefined && after['owner'] !== before['owner'] && 'another owner makes its keys',
  ],
  team_member: (after, before) => granted(after, before, 'joins the team'),
  collaborator: (after, before) => granted(after, before, 'gets into the project'),
  team_collaborator: (after, before) => [
    ...granted(after, before, 'its members get into the project'),
    before !== undefined && after['mode'] !== before['mode'] && 'members hold other permissions',
  ],
  project: (after, before) => [
    rankOf(after['visibility']) > rankOf(before?.['visibility']) && `visibility is ${after['visibility']}`,
    before !== undefined &&
      (after['owner_user'] !== before['owner_user'] || after['owner_team'] !== before['owner_team']) &&
      'another owner holds every permission',
  ],
  model: (after, before) => [
    became(false, after['auth_enabled'], before?.['auth_enabled']) && 'authentication is off',
    // It may be one that was regenerated since it had leaked (B33).
    before !== undefined && after['access_key'] !== before['access_key'] && 'another access key calls it',
    before?.['state'] === 'stopped' && after['state'] === 'running' && 'it takes calls again',
  ],
  api_key: (after, before) => [
    before === undefined &&
      endOf(after['expires_at']) > Number(after['created_at']) &&
      after['ended_at'] === null &&
      (after['restored'] ? 'a key that was ended works again' : 'another key works'),
    before !== undefined && isWider(after['audiences'], before['audiences']) && 'more audiences',
    before !== undefined && isWider(after['models'], before['models']) && 'more models',
    before !== undefined && endOf(after['expires_at']) > endOf(before['expires_at']) && 'it lives longer',
  ],
};

/** A step with the fields that it changes, old and new, and with what it opens. */
export function toStep(action: Step['action'], kind: string, id: string, turn?: Turn): Step {
  if (!turn) {
    return { action, kind, id };
  }
  const before = turn.before as Fields | undefined;
  const after: Fields = { ...before, ...given(turn.after as Fields) };
  const opens = openings[kind]?.(after, before).filter(reason => reason !== false) ?? [];
  const fields = before ? changesOf(before, after) : [];
  return { action, kind, id, ...(fields.length > 0 ? { fields } : {}), ...(opens.length > 0 ? { opens } : {}) };
}

function given(after: Fields): Fields {
  return Object.fromEntries(Object.entries(after).filter(([, value]) => value !== undefined));
}

function changesOf(before: Fields, after: Fields): NonNullable<Step['fields']> {
  return Object.keys(after)
    .filter(name => JSON.stringify(after[name]) !== JSON.stringify(before[name]))
    .map(name => ({ ...shown(name, before[name], 'old'), ...shown(name, after[name], 'new') }));
}

/** In the words of the document, which has instants where a record has milliseconds. */
function shown<S extends 'old' | 'new'>(name: string, value: unknown, side: S) {
  if (hidden.has(name)) {
    return { field: name, [side]: hiddenValue } as { field: string } & Record<S, unknown>;
  }
  const [field, told] =
    name === 'expires_at' ? ['expiry_date', toInstantOrNull(value as number | null)] : [name, value];
  return { field, [side]: told ?? null } as { field: string } & Record<S, unknown>;
}

function granted(after: Fields, before: Fields | undefined, first: string): readonly (string | false)[] {
  const [held, wanted] = [before?.['permission'], after['permission']] as [Permission | undefined, Permission];
  return [
    !before && `${first} as ${wanted}`,
    before !== undefined && !atLeast(held, wanted) && `permission is ${wanted}`,
  ];
}

function became(value: boolean, after: unknown, before: unknown): boolean {
  return after === value && before !== value;
}

function wasTrue(after: unknown, before: unknown): boolean {
  return before === true && after === false;
}

function rankOf(visibility: unknown): number {
  return Math.max(0, visibilities.indexOf(String(visibility)));
}

/** 0 seconds stand for no limit. */
function limitOf(seconds: unknown): number {
  return Number(seconds) || Number.POSITIVE_INFINITY;
}

/** Null stands for never. */
function endOf(instant: unknown): number {
  return instant === null ? Number.POSITIVE_INFINITY : Number(instant);
}

/** Null stands for all. */
function isWider(after: unknown, before: unknown): boolean {
  if (after === null || before === null) {
    return after === null && before !== null;
  }
  return (after as readonly unknown[]).some(each => !(before as readonly unknown[]).includes(each));
}
