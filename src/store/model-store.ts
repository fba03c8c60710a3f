import type { PageQuery } from './page-query.ts';
import type { ModelRecord } from './records.ts';

/** What a store holds of models. */

/** Each narrows; what is absent asks for nothing. */
export interface ModelFilter {
  readonly auth_enabled?: boolean | undefined;
  readonly auth_shadow?: boolean | undefined;
  readonly state?: ModelRecord['state'] | undefined;
}

export interface ModelReads {
  findModel(modelId: string): Promise<ModelRecord | undefined>;
  /** Those of the ids that are models, by their id. */
  findModels(modelIds: readonly string[]): Promise<ReadonlyMap<string, ModelRecord>>;
  /** All projects' models, or those of the projects named. Sorted by model_id, name, project_id or created_at. */
  listModels(page: PageQuery, projectIds?: readonly string[], filter?: ModelFilter): Promise<ModelRecord[]>;
}

export interface ModelWrites {
  /** Rejects with `conflict` where the id or the access key is taken; with `not_found` for an unknown project. */
  insertModel(model: ModelRecord): Promise<void>;
  /** The same of many at once. */
  insertModels(models: readonly ModelRecord[]): Promise<void>;
  /** Rejects with `not_found`; with `conflict` where a new access key is another model's. */
  updateModel(
    modelId: string,
    changes: Partial<Omit<ModelRecord, 'model_id' | 'project_id' | 'created_at'>>,
  ): Promise<void>;
  /** Switches authentication on for models that the same transaction has read with it off, many at once. */
  enableAuthentication(models: readonly ModelRecord[]): Promise<void>;
  /** Rejects with `not_found`. API keys that are narrowed to the model go on naming it (B44). */
  deleteModel(modelId: string): Promise<void>;
}
