import type { Knex } from 'knex';
import { changedFields } from '../../changed-fields.ts';
import type { ModelReads, ModelWrites } from '../../model-store.ts';
import type { ModelRecord } from '../../records.ts';
import { StoreError } from '../../store-error.ts';
import type { Recorder } from '../feed/recorder.ts';
import { modelPut } from '../feed/to-rows.ts';
import { withPrevious } from '../feed/with-previous.ts';
import { inChunks, mapInChunks } from '../statements/in-chunks.ts';
import { insertRows } from '../statements/insert-rows.ts';
import { type Listing, paged } from '../statements/page.ts';
import { aProject, requireRows } from '../statements/require-rows.ts';
import { beginShadowCounts } from './shadow-denials.ts';

/** Models changed by one statement, so that no long work is done in one go (T33). */
const modelsPerStatement = 200;

const listing: Listing = {
  id: 'model_id',
  searched: ['model_id', 'name'],
  sortable: { name: 'name', project_id: 'project_id', created_at: 'created_at' },
};

export function modelReads(db: Knex): ModelReads {
  return {
    async findModel(modelId) {
      return toModel(await db('models').where({ model_id: modelId }).first());
    },
    async findModels(modelIds) {
      return mapInChunks(
        modelIds,
        chunk => db('models').whereIn('model_id', chunk),
        row => [row.model_id, toModel(row) as ModelRecord],
      );
    },
    async listModels(page, projectIds, filter = {}) {
      const query = paged(db('models'), page, listing);
      if (projectIds) {
        query.whereIn('project_id', projectIds);
      }
      for (const [column, value] of Object.entries(filter)) {
        if (value !== undefined) {
          query.where(column, value);
        }
      }
      return (await query.select('*')).map((row: Record<string, unknown>) => toModel(row) as ModelRecord);
    },
  };
}

export function modelWrites(tx: Knex.Transaction, recorder: Recorder, now: () => number): ModelWrites {
  const { findModel } = modelReads(tx);
  const insertModels = (models: readonly ModelRecord[]) => insertAll(tx, recorder, models, now());
  return {
    insertModel: model => insertModels([model]),
    insertModels,
    async updateModel(modelId, wanted) {
      const old = await findModel(modelId);
      if (!old) {
        throw noModel(modelId);
      }
      const changed = changedFields<ModelRecord>(old, wanted);
      if (Object.keys(changed).length === 0) {
        return;
      }
      const model = { ...old, ...changed };
      if (changed.access_key !== undefined) {
        await requireFreeAccessKeys(tx, [model]);
        recorder.audit('model.regenerate_access_key', modelId, {}, old.project_id);
      }
      await tx('models').where({ model_id: modelId }).update(changed);
      if (countsInShadow(model) && !countsInShadow(old)) {
        await beginShadowCounts(tx, [modelId], now());
      }
      recorder.change(modelPut(model));
      const rest = withoutAccessKey(changed);
      if (Object.keys(rest).length > 0) {
        recorder.audit('model.update', modelId, withPrevious(rest, old), old.project_id);
      }
    },
    async enableAuthentication(models) {
      const ids = models.map(({ model_id }) => model_id);
      for (let at = 0; at < ids.length; at += modelsPerStatement) {
        const some = ids.slice(at, at + modelsPerStatement);
        await tx('models').whereIn('model_id', some).update({ auth_enabled: true });
        for (const model of models.slice(at, at + modelsPerStatement)) {
          recorder.change(modelPut({ ...model, auth_enabled: true }));
          recorder.audit('model.update', model.model_id, withPrevious({ auth_enabled: true }, model), model.project_id);
        }
      }
    },
    async deleteModel(modelId) {
      const old = await findModel(modelId);
      if (!old) {
        throw noModel(modelId);
      }
      await tx('models').where({ model_id: modelId }).delete();
      recorder.change({ op: 'delete', kind: 'model', id: modelId });
      recorder.audit('model.delete', modelId, { previous: withoutAccessKey(old) }, old.project_id);
    },
  };
}

function countsInShadow({ auth_enabled, auth_shadow }: ModelRecord): boolean {
  return auth_shadow && !auth_enabled;
}

async function insertAll(
  tx: Knex.Transaction,
  recorder: Recorder,
  models: readonly ModelRecord[],
  now: number,
): Promise<void> {
  const ids = models.map(({ model_id }) => model_id);
  const [taken] = await inChunks(ids, chunk => tx('models').whereIn('model_id', chunk).select('model_id'));
  if (taken) {
    throw new StoreError('conflict', `there is a model ${taken.model_id} already`);
  }
  const projectIds = models.map(({ project_id }) => project_id);
  await requireRows(tx, aProject, projectIds);
  await requireFreeAccessKeys(tx, models);
  await insertRows(tx, 'models', models);
  const counting = models.filter(countsInShadow).map(({ model_id }) => model_id);
  await beginShadowCounts(tx, counting, now);
  for (const model of models) {
    recorder.change(modelPut(model));
    recorder.audit('model.create', model.model_id, withoutAccessKey(model), model.project_id);
  }
}

async function requireFreeAccessKeys(tx: Knex.Transaction, models: readonly ModelRecord[]): Promise<void> {
  const wanted = new Map(models.map(({ access_key, model_id }) => [access_key, model_id]));
  const rows = await inChunks([...wanted.keys()], chunk => tx('models').whereIn('access_key', chunk));
  const taken = rows.find(row => row.model_id !== wanted.get(row.access_key));
  if (taken) {
    throw new StoreError(
      'conflict',
      `the access key given for model ${wanted.get(taken.access_key)} is another model's`,
    );
  }
}

function noModel(modelId: string): StoreError {
  return new StoreError('not_found', `there is no model ${modelId}`);
}

function withoutAccessKey(model: Partial<ModelRecord>): Record<string, unknown> {
  const { access_key: _, ...rest } = model;
  return rest;
}

export function toModel(row: Record<string, unknown> | undefined): ModelRecord | undefined {
  return (
    row &&
    ({
      ...row,
      auth_enabled: Boolean(row['auth_enabled']),
      auth_shadow: Boolean(row['auth_shadow']),
      created_at: Number(row['created_at']),
    } as unknown as ModelRecord)
  );
}
