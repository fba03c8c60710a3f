import type { Project } from '../../../admin/schemas/projects.ts';
import { useSignedIn } from '../../api/session.tsx';
import { checkIdentifier, type Values } from '../../parts/form/field.ts';
import { FormDialog } from '../../parts/form/form-dialog.tsx';
import { useSurface } from '../../parts/surface.tsx';
import { go, link } from '../../route.ts';
import { ownerFields, toOwner, visibilities } from './visibility.ts';

/** Makes a project and goes to it. */
export function CreateProjectDialog({ leave }: { leave: () => void }) {
  const { api, session } = useSignedIn();
  const { tell } = useSurface();
  const send = async (values: Values) => {
    const { body, revision } = await api.send<Project>('POST', '/projects', {
      ...(values['project_id'] ? { project_id: values['project_id'] } : {}),
      ...(values['name'] ? { name: values['name'] } : {}),
      visibility: values['visibility'],
      owner: toOwner(values),
    });
    tell(`Project ${body.project_id} is made.`, revision);
    go(link`/projects/${body.project_id}`, 'replace');
  };
  return (
    <FormDialog
      title="Create a project"
      fields={[
        {
          name: 'project_id',
          label: 'Project ID',
          kind: 'text',
          hint: 'Everything refers to the project by it, so it cannot be changed. Left empty, one is made.',
          check: checkIdentifier,
        },
        { name: 'name', label: 'Name for people', kind: 'text' },
        { name: 'visibility', label: 'Visibility', kind: 'choice', options: visibilities, value: 'private' },
        ...ownerFields({ username: session.username }),
      ]}
      submit="Create project"
      send={send}
      leave={leave}
    />
  );
}
