import type { Knex } from 'knex';
import type { ShadowCount, ShadowDenialCount, ShadowDenialRecord } from '../../records.ts';
import type { ShadowDenialReads } from '../../store.ts';
import { inChunks } from '../statements/in-chunks.ts';
import { insertRows } from '../statements/insert-rows.ts';
import { type Listing, paged } from '../statements/page.ts';

/** Rows kept for a model: enough to know whom to tell, and a bound on what unknown callers can make us store. */
const rowsPerModelMax = 1000;

const listing: Listing = { id: 'id', searched: [], sortable: { count: 'count', last_at: 'last_at' } };

export function shadowDenialReads(db: Knex): ShadowDenialReads {
  return {
    async listShadowDenials(modelId, page) {
      const rows = await paged(db('shadow_denials').where({ model_id: modelId }), page, listing).select('*');
      return rows.map(toShadowDenial);
    },
    async findShadowCount(modelId): Promise<ShadowCount | undefined> {
      const row = await db('shadow_counts').where({ model_id: modelId }).first();
      const { refused } =
        (await db('shadow_denials').where({ model_id: modelId }).sum({ refused: 'count' }).first()) ?? {};
      return row && { since: Number(row.since), calls: Number(row.calls), refused: Number(refused ?? 0) };
    },
  };
}

export async function recordShadowDenials(db: Knex, counts: readonly ShadowDenialCount[]): Promise<void> {
  if (counts.length === 0) {
    return;
  }
  await db.transaction(async tx => {
    const ids = [...new Set(counts.map(({ model_id }) => model_id))];
    const models = await inChunks(ids, chunk => tx('models').whereIn('model_id', chunk).select('model_id'));
    for (const { model_id } of models) {
      const ofModel = counts.filter(count => count.model_id === model_id);
      const calls = ofModel.reduce((sum, { count }) => sum + count, 0);
      await tx('shadow_counts').where({ model_id }).increment('calls', calls);
      await addUp(
        tx,
        model_id,
        ofModel.filter(({ reason }) => reason !== ''),
      );
    }
  });
}

/** Begins to count anew: an owner who looks then wants to know whom authentication would break now. */
export async function beginShadowCounts(
  tx: Knex.Transaction,
  modelIds: readonly string[],
  since: number,
): Promise<void> {
  await inChunks(modelIds, chunk =>
    tx('shadow_denials')
      .whereIn('model_id', chunk)
      .delete()
      .then(() => []),
  );
  await inChunks(modelIds, chunk =>
    tx('shadow_counts')
      .whereIn('model_id', chunk)
      .delete()
      .then(() => []),
  );
  await insertRows(
    tx,
    'shadow_counts',
    modelIds.map(model_id => ({ model_id, since, calls: 0 })),
  );
}

async function addUp(tx: Knex.Transaction, modelId: string, counts: readonly ShadowDenialCount[]): Promise<void> {
  const before = (await tx('shadow_denials').where({ model_id: modelId })).map(toShadowDenial);
  const rows = new Map<string, Sum>(before.map(row => [callerOf(row), row]));
  const touched = new Set<string>();
  for (const count of counts) {
    const isBeyond = !rows.has(callerOf(count)) && rows.size >= rowsPerModelMax;
    const added = isBeyond ? { ...count, principal: '', key_id: '', address: '' } : count;
    const caller = callerOf(added);
    const row = rows.get(caller) ?? { ...added, count: 0, first_at: count.last_at };
    rows.set(caller, { ...row, count: row.count + count.count, last_at: Math.max(row.last_at, count.last_at) });
    touched.add(caller);
  }
  for (const caller of touched) {
    const { id, ...row } = rows.get(caller) as Sum;
    await (id === undefined
      ? tx('shadow_denials').insert(row)
      : tx('shadow_denials').where({ id }).update({ count: row.count, last_at: row.last_at }));
  }
}

/** A row as it will be; without an id it is new. */
type Sum = Omit<ShadowDenialRecord, 'id'> & { readonly id?: number };

function callerOf({ reason, key_id, address }: Pick<ShadowDenialCount, 'reason' | 'key_id' | 'address'>): string {
  return `${reason}/${key_id}/${address}`;
}

function toShadowDenial(row: Record<string, unknown>): ShadowDenialRecord {
  return {
    id: Number(row['id']),
    model_id: String(row['model_id']),
    reason: String(row['reason']),
    principal: String(row['principal']),
    key_id: String(row['key_id']),
    address: String(row['address']),
    count: Number(row['count']),
    first_at: Number(row['first_at']),
    last_at: Number(row['last_at']),
  };
}
