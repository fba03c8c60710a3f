import type { Change, Kind } from './change-set.ts';

type Test = (value: unknown) => boolean;

const text: Test = value => typeof value === 'string' && value !== '';
const textOrNull: Test = value => value === null || text(value);
const flag: Test = value => typeof value === 'boolean';
const digest: Test = value => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const instantOrNull: Test = value => value === null || Number.isSafeInteger(value);
const texts: Test = value => Array.isArray(value) && value.every(text);
const textsOrNull: Test = value => value === null || texts(value);
const oneOf =
  (...allowed: readonly string[]): Test =>
  value =>
    typeof value === 'string' && allowed.includes(value);
const permission = oneOf('business_user', 'read', 'operator', 'write', 'admin');

/** Every field of every kind of row, with what it must be. A row with more fields than these is taken as it is. */
const fields: Record<Kind, Record<string, Test>> = {
  principal: { principal: text, principal_kind: oneOf('user', 'application'), active: flag },
  team_member: { team: text, principal: text, permission },
  project: {
    project_id: text,
    owner_user: textOrNull,
    owner_team: textOrNull,
    visibility: oneOf('private', 'organization', 'public'),
  },
  collaborator: { project_id: text, principal: text, permission },
  team_collaborator: { project_id: text, team: text, mode: oneOf('inherit', 'override'), permission },
  model: {
    model_id: text,
    project_id: text,
    access_key_digest: digest,
    target: text,
    auth_enabled: flag,
    auth_shadow: flag,
    stopped: flag,
  },
  api_key: {
    key_id: text,
    digest,
    principal: text,
    audiences: texts,
    expires_at: instantOrNull,
    models: textsOrNull,
  },
  settings: { stale_after_seconds: value => typeof value === 'number' && value >= 0 },
};

/** The fields of each kind of row that a check may read. */
export const fieldNames = Object.fromEntries(
  Object.entries(fields).map(([kind, tests]) => [kind, Object.keys(tests)]),
) as unknown as Record<Kind, readonly string[]>;

/** The same as lists, since a million rows are tested when a site is read. */
const testsOf = new Map(
  Object.entries(fields).map(([kind, tests]) => [kind, Object.entries(tests).map(([name, test]) => ({ name, test }))]),
);

/**
 * Reads one change from untrusted plain data (a database that hands can edit, a stream). Answers
 * undefined where it is not whole: the caller keeps what it has, so that a bad row never allows.
 */
export function parseChange(data: unknown): Change | undefined {
  if (!isRecord(data)) {
    return undefined;
  }
  const tests = typeof data['kind'] === 'string' && testsOf.get(data['kind']);
  if (!tests) {
    return undefined;
  }
  if (data['op'] === 'delete') {
    return text(data['id']) ? (data as unknown as Change) : undefined;
  }
  const row = data['row'];
  if (data['op'] !== 'put' || !isRecord(row)) {
    return undefined;
  }
  return tests.every(({ name, test }) => test(row[name])) ? (data as unknown as Change) : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
