import type { Model, ModelList } from '../../../admin/schemas/models.ts';
import { List } from '../../parts/list/list.tsx';
import { useDoing } from '../../parts/use-doing.ts';
import { useVersion } from '../../parts/use-version.ts';
import { link } from '../../route.ts';
import { EnableAllDialog } from './enable-all-dialog.tsx';
import { modelColumns, modelFilters } from './model-columns.tsx';

const [modelColumn, ...otherColumns] = modelColumns;

/** The models of the whole site. */
export function ModelsPage() {
  const doing = useDoing();
  const [version, changed] = useVersion();
  return (
    <>
      <div class="head">
        <h1>Models</h1>
        <div class="actions">
          <button type="button" onClick={() => doing.begin('enable-all')}>
            Enable authentication for all
          </button>
        </div>
      </div>
      <List<Model>
        title="Models"
        path="/models"
        version={version}
        entriesOf={(body: ModelList) => body.models}
        idOf={({ model_id }) => model_id}
        search="Find by id or name"
        filters={modelFilters}
        columns={[
          ...(modelColumn ? [modelColumn] : []),
          {
            title: 'Project',
            sort: 'project_id',
            cell: ({ project_id }) => <a href={link`/projects/${project_id}`}>{project_id}</a>,
          },
          ...otherColumns,
        ]}
        empty={
          <p>
            A model belongs to a project and is made there. <a href={link`/projects`}>Go to the projects</a>
          </p>
        }
      />
      {doing.act === 'enable-all' && <EnableAllDialog changed={changed} leave={doing.end} />}
    </>
  );
}
