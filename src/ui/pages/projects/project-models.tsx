import type { Model, ModelList } from '../../../admin/schemas/models.ts';
import type { Project } from '../../../admin/schemas/projects.ts';
import { apiPath } from '../../api/api.ts';
import { List } from '../../parts/list/list.tsx';
import { useDoing } from '../../parts/use-doing.ts';
import { CreateModelDialog } from '../models/create-model-dialog.tsx';
import { modelColumns, modelFilters } from '../models/model-columns.tsx';

/** The models of a project. */
export function ProjectModels({ project }: { project: Project }) {
  const doing = useDoing();
  const mayWrite = project.permission === 'write' || project.permission === 'admin';
  return (
    <section>
      <div class="head">
        <h2>Models</h2>
        {mayWrite && (
          <div class="actions">
            <button type="button" class="main" onClick={() => doing.begin('create-model')}>
              Create model
            </button>
          </div>
        )}
      </div>
      <List<Model>
        title="Models"
        path={apiPath`/projects/${project.project_id}/models`}
        prefix="models_"
        entriesOf={(body: ModelList) => body.models}
        idOf={model => model.model_id}
        search="Find by id or name"
        filters={modelFilters}
        columns={modelColumns}
        empty={<p>A model is what gets called. This project has none yet.</p>}
      />
      {doing.act === 'create-model' && <CreateModelDialog projectId={project.project_id} leave={doing.end} />}
    </section>
  );
}
