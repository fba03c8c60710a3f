import type { Knex } from 'knex';
import type { KeySummary } from '../../records.ts';
import type { UserFilter } from '../../store.ts';
import type { Recorder } from '../feed/recorder.ts';
import { timeOrNever } from '../statements/page.ts';
import { apiKeyWrites } from './api-keys.ts';
import { requireFreeNames } from './free-names.ts';
import { projectWrites } from './projects.ts';
import { rememberRevoked } from './revoked-keys.ts';
import { endAllSignIns } from './sessions.ts';
import { teamWrites } from './teams.ts';

/** What users and applications have in common: one name for both, and API keys. */

/** SQL of the last use of any key of a row of `principals`. */
export const lastUse = '(select max(last_used_at) from api_keys where api_keys.principal = principals.principal)';

export async function insertPrincipal(tx: Knex.Transaction, principal: string, columns: object): Promise<void> {
  await requireFreeNames(tx, [principal]);
  await tx('principals').insert({ principal, ...columns });
}

/** Everything that a principal has or is in goes with it, each with its audit entry. */
export async function deletePrincipal(
  tx: Knex.Transaction,
  recorder: Recorder,
  principal: string,
  now: () => number,
): Promise<void> {
  await apiKeyWrites(tx, recorder, now).deleteApiKeysOf(principal);
  await endLegacyKeyOf(tx, principal, now());
  await endAllSignIns(tx, principal);
  await tx('oidc_identities').where({ principal }).delete();
  for (const { team } of await tx('team_members').where({ username: principal }).orderBy('team')) {
    await teamWrites(tx, recorder).deleteTeamMember(team, principal);
  }
  for (const { project_id } of await tx('collaborators').where({ principal }).orderBy('project_id')) {
    await projectWrites(tx, recorder).deleteCollaborator(project_id, principal);
  }
  for (const table of ['teams', 'projects']) {
    await tx(table).where({ made_by: principal }).update({ made_by: null });
  }
  await tx('principals').where({ principal }).delete();
  recorder.change({ op: 'delete', kind: 'principal', id: principal });
}

/** B37a: API keys stay listed and are of no use any more; a legacy key is gone until it is rotated. */
export async function endKeysOf(
  tx: Knex.Transaction,
  recorder: Recorder,
  principal: string,
  now: number,
): Promise<void> {
  const live = await tx('api_keys').where({ principal, ended_at: null }).select('key_id', 'digest').orderBy('key_id');
  await tx('api_keys').where({ principal, ended_at: null }).update({ ended_at: now });
  await rememberRevoked(tx, live, now);
  await endLegacyKeyOf(tx, principal, now);
  for (const { key_id } of live) {
    recorder.change({ op: 'delete', kind: 'api_key', id: key_id });
  }
  recorder.audit('api_key.end_all', principal, { count: live.length });
}

/** Nobody signs in by it any more, nor can its digest become that of an API key. */
export async function endLegacyKeyOf(tx: Knex.Transaction, principal: string, now: number): Promise<void> {
  const ended = await tx('legacy_keys').where({ principal }).select('digest');
  await tx('legacy_keys').where({ principal }).delete();
  await rememberRevoked(tx, ended, now);
}

/** Narrows a query on `principals` by what their keys come to. */
export function filteredByKeys(
  query: Knex.QueryBuilder,
  { lastUsedBefore, expired }: UserFilter,
  now: number,
): Knex.QueryBuilder {
  if (lastUsedBefore !== undefined) {
    query.whereRaw(`created_at < ? and ${timeOrNever(lastUse)} < ?`, [lastUsedBefore, lastUsedBefore]);
  }
  if (expired !== undefined) {
    const held = 'exists (select 1 from api_keys where api_keys.principal = principals.principal and expires_at <= ?)';
    query.whereRaw(expired ? held : `not ${held}`, [now]);
  }
  return query;
}

/** What the keys of each of the principals come to. */
export async function summarizeKeys(
  db: Knex,
  principals: readonly string[],
  now: number,
): Promise<(principal: string) => KeySummary> {
  const counts: Record<string, unknown>[] = await db('api_keys')
    .whereIn('principal', principals)
    .groupBy('principal')
    .select('principal')
    .count({ total: '*' })
    .select(db.raw('sum(case when expires_at <= ? then 1 else 0 end) as expired', [now]))
    .max({ last_used_at: 'last_used_at' });
  const byPrincipal = new Map(counts.map(row => [row['principal'], row]));
  return principal => {
    const count = byPrincipal.get(principal);
    const lastUsed = count?.['last_used_at'] ?? null;
    return {
      api_key_count: Number(count?.['total'] ?? 0),
      expired_api_key_count: Number(count?.['expired'] ?? 0),
      last_used_at: lastUsed === null ? null : Number(lastUsed),
    };
  };
}
