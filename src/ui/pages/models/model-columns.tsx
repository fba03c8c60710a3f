import type { Model } from '../../../admin/schemas/models.ts';
import type { Filter } from '../../parts/list/list-filters.tsx';
import type { Column } from '../../parts/list/table.tsx';
import { Time } from '../../parts/time.tsx';
import { link } from '../../route.ts';

/** A model in a list. */
export const modelColumns: readonly Column<Model>[] = [
  {
    title: 'Model',
    sort: 'model_id',
    cell: ({ project_id, model_id }) => <a href={link`/projects/${project_id}/models/${model_id}`}>{model_id}</a>,
  },
  { title: 'Name', sort: 'name', cell: ({ name }) => name },
  { title: 'Authentication', cell: model => <Authentication model={model} /> },
  { title: 'State', cell: ({ state }) => (state === 'running' ? state : <span class="warning">{state}</span>) },
  { title: 'Created', sort: 'created_at', cell: ({ created_at }) => <Time at={created_at} /> },
];

export const modelFilters: readonly Filter[] = [
  {
    name: 'auth_enabled',
    label: 'Authentication',
    options: [
      { value: 'true', text: 'on' },
      { value: 'false', text: 'off' },
    ],
  },
  {
    name: 'state',
    label: 'State',
    options: [
      { value: 'running', text: 'running' },
      { value: 'stopped', text: 'stopped' },
    ],
  },
];

/** Whether calls need an API key, in a word or two. */
export function Authentication({ model }: { model: Pick<Model, 'auth_enabled' | 'auth_shadow'> }) {
  if (model.auth_enabled) {
    return <>on</>;
  }
  return <span class="warning">{model.auth_shadow ? 'off, in shadow' : 'off'}</span>;
}
