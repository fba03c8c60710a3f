import { makeAccessKey } from '../../keys/access-key.ts';
import type { ModelRecord } from '../../store/records.ts';
import type { SiteModel } from '../schemas/site.ts';
import { type Apply, update, writeAll } from './step.ts';

export async function applyModels(apply: Apply): Promise<void> {
  const { writes, document, known, now, pace } = apply;
  const created: ModelRecord[] = [];
  for (const { project_id, models = [] } of document.projects ?? []) {
    for (const model of models) {
      const { model_id, ...wanted } = model;
      const old = known.models.get(model_id);
      if (!old) {
        created.push(newModel(project_id, model, now));
      } else {
        await update(apply, ['model', model_id], [old, wanted], changed => writes.updateModel(model_id, changed));
      }
      if (pace.isDue) {
        await pace.pause();
      }
    }
  }
  await writeAll(apply, 'model', created, {
    write: piece => writes.insertModels(piece),
    idOf: ({ model_id }) => model_id,
  });
}

/** A model that brings its access key existed before, so its callers send no API key yet: B34. */
function newModel(project_id: string, model: SiteModel, now: number): ModelRecord {
  const { model_id, name, access_key, target, auth_enabled, auth_shadow, state } = model;
  return {
    model_id,
    project_id,
    name: name ?? model_id,
    access_key: access_key ?? makeAccessKey(),
    target: target ?? model_id,
    auth_enabled: auth_enabled ?? access_key === undefined,
    auth_shadow: auth_shadow ?? false,
    state: state ?? 'running',
    created_at: now,
  };
}
