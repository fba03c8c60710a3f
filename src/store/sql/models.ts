import type { Knex } from 'knex';
import type { ModelRecord } from '../records.ts';
import type { ModelReads, ModelWrites } from '../store.ts';
import { StoreError } from '../store-error.ts';
import { changedFields } from './changed-fields.ts';
import { inChunks } from './in-chunks.ts';
import { type Listing, paged } from './page.ts';
import type { Recorder } from './recorder.ts';
import { modelPut } from './to-rows.ts';

const listing: Listing = {
  id: 'model_id',
  searched: ['model_id', 'name'],
  sortable: { name: 'name', project_id: 'project_id', created_at: 'created_at' },
};

export function modelReads(db: Knex): ModelReads {
  return {
    async findModelIds(modelIds) {
      const rows = await inChunks(modelIds, chunk => db('models').whereIn('model_id', chunk).select('model_id'));
      return new Set(rows.map(({ model_id }) => model_id));
    },
    async findModel(modelId) {
      return toModel(await db('models').where({ model_id: modelId }).first());
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

export function modelWrites(tx: Knex.Transaction, recorder: Recorder): ModelWrites {
  const { findModel } = modelReads(tx);
  return {
    async insertModel(model) {
      if (await findModel(model.model_id)) {
        throw new StoreError('conflict', `there is a model ${model.model_id} already`);
      }
      if (!(await tx('projects').where({ project_id: model.project_id }).first('name'))) {
        throw new StoreError('not_found', `there is no project ${model.project_id}`);
      }
      await requireFreeAccessKey(tx, model);
      await tx('models').insert(model);
      recorder.change(modelPut(model));
      recorder.audit('model.create', model.model_id, withoutAccessKey(model), model.project_id);
    },
    async updateModel(modelId, wanted) {
      const old = await findModel(modelId);
      if (!old) {
        throw new StoreError('not_found', `there is no model ${modelId}`);
      }
      const changed = changedFields<ModelRecord>(old, wanted);
      if (Object.keys(changed).length === 0) {
        return;
      }
      const model = { ...old, ...changed };
      if (changed.access_key !== undefined) {
        await requireFreeAccessKey(tx, model);
        recorder.audit('model.regenerate_access_key', modelId, {}, old.project_id);
      }
      await tx('models').where({ model_id: modelId }).update(changed);
      if (changed.auth_shadow) {
        // An owner who looks again wants to know whom it would break now.
        await tx('shadow_denials').where({ model_id: modelId }).delete();
      }
      recorder.change(modelPut(model));
      const rest = withoutAccessKey(changed);
      if (Object.keys(rest).length > 0) {
        recorder.audit('model.update', modelId, rest, old.project_id);
      }
    },
  };
}

async function requireFreeAccessKey(tx: Knex.Transaction, { model_id, access_key }: ModelRecord): Promise<void> {
  if (await tx('models').where({ access_key }).whereNot({ model_id }).first('model_id')) {
    throw new StoreError('conflict', `the access key given for model ${model_id} is another model's`);
  }
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
