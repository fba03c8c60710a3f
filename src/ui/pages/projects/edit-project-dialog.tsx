import type { Project } from '../../../admin/schemas/projects.ts';
import { apiPath } from '../../api/api.ts';
import { useSignedIn } from '../../api/session.tsx';
import type { Values } from '../../parts/form/field.ts';
import { FormDialog } from '../../parts/form/form-dialog.tsx';
import { useSurface } from '../../parts/surface.tsx';
import { ownerFields, toOwner, visibilities } from './visibility.ts';

interface Props {
  readonly project: Project;
  readonly changed: () => void;
  readonly leave: () => void;
}

/** Changes the name, the visibility or the owner of a project. */
export function EditProjectDialog({ project, changed, leave }: Props) {
  const { api } = useSignedIn();
  const { tell } = useSurface();
  const send = async (values: Values) => {
    const owner = toOwner(values);
    const isSameOwner = JSON.stringify(owner) === JSON.stringify(project.owner);
    const { revision } = await api.send<Project>('PATCH', apiPath`/projects/${project.project_id}`, {
      name: values['name'],
      visibility: values['visibility'],
      ...(isSameOwner ? {} : { owner }),
    });
    tell(`Project ${project.project_id} is changed.`, revision);
    leave();
    changed();
  };
  return (
    <FormDialog
      title={`Edit project ${project.project_id}`}
      fields={[
        { name: 'name', label: 'Name for people', kind: 'text', value: project.name },
        {
          name: 'visibility',
          label: 'Visibility',
          kind: 'choice',
          options: visibilities,
          value: project.visibility,
          hint: 'Whoever may call only through it may call no more as soon as it is narrower.',
        },
        ...ownerFields(project.owner),
      ]}
      submit="Save project"
      send={send}
      leave={leave}
    />
  );
}
