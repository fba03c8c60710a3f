import fc from 'fast-check';
import { type Change, idOf, type Kind, type Permission } from '../../src/changes/change-set.ts';
import { digestOf } from '../../src/keys/digest.ts';
import { put } from '../support/site.ts';

/** Names of every sort that a text can be: short, long, of one byte a character and of two. */
export const oddNames = ['n0', 'n1', 'n2', 'é', 'Ж', '\u{1f511}', 'x'.repeat(200), 'Ж'.repeat(5000)];
/** Few digests beside many rows, so that rows take them over from each other. */
export const digests = Array.from({ length: 12 }, (_, at) => digestOf(`digest ${at}`));

/** Few names where rows must meet, many where tables must grow. */
const name = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...oddNames) },
  fc.nat({ max: 40 }).map(at => `name-${at}`),
);
const digest = fc.oneof(
  fc.constantFrom(...digests),
  fc.nat({ max: 300 }).map(at => digestOf(`digest ${at}`)),
);
const permission = fc.constantFrom<Permission>('business_user', 'read', 'operator', 'write', 'admin');
const flag = fc.boolean();
const names = fc.array(name, { maxLength: 3 });
const nameOrNull = fc.option(name, { freq: 2 });
const instant = fc.oneof(
  fc.constantFrom(null, 0, -1, 1, 2 ** 32, -(2 ** 32), Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
  fc.maxSafeInteger(),
);

const rows = {
  principal: fc.record({
    principal: name,
    principal_kind: fc.constantFrom('user' as const, 'application' as const),
    active: flag,
  }),
  team_member: fc.record({ team: name, principal: name, permission }),
  project: fc.record({
    project_id: name,
    owner_user: nameOrNull,
    owner_team: nameOrNull,
    visibility: fc.constantFrom('private' as const, 'organization' as const, 'public' as const),
  }),
  collaborator: fc.record({ project_id: name, principal: name, permission }),
  team_collaborator: fc.record({
    project_id: name,
    team: name,
    mode: fc.constantFrom('inherit' as const, 'override' as const),
    permission,
  }),
  model: fc.record({
    model_id: name,
    project_id: name,
    access_key_digest: digest,
    target: name,
    auth_enabled: flag,
    auth_shadow: flag,
    stopped: flag,
  }),
  api_key: fc.record({
    key_id: name,
    digest,
    principal: name,
    audiences: names,
    expires_at: instant,
    models: fc.option(names, { freq: 2 }),
  }),
  settings: fc.record({ stale_after_seconds: fc.nat() }),
};

/** Puts and deletions of every kind; a deletion names a row as one that was put would be named. */
export const randomChange: fc.Arbitrary<Change> = fc.oneof(
  ...(Object.keys(rows) as Kind[]).map(kind =>
    fc.tuple(rows[kind] as fc.Arbitrary<never>, fc.nat({ max: 2 })).map(([row, third]): Change => {
      const change = put(kind, row);
      return third === 0 ? { op: 'delete', kind, id: idOf(change) } : change;
    }),
  ),
);
