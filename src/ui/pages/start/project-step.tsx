import type { Project } from '../../../admin/schemas/projects.ts';
import { useSignedIn } from '../../api/session.tsx';
import { checkIdentifier } from '../../parts/form/field.ts';
import { Form } from '../../parts/form/form.tsx';

/** Makes a project of the caller's own. */
export function ProjectStep({ made }: { made: (id: string) => void }) {
  const { api } = useSignedIn();
  return (
    <Form
      fields={[
        {
          name: 'project_id',
          label: 'Project ID',
          kind: 'text',
          isRequired: true,
          hint: 'Such as fraud-detection. You own the project, and only you may call its models until you add others.',
          check: checkIdentifier,
        },
      ]}
      submit="Create project"
      send={async values => {
        const { body } = await api.send<Project>('POST', '/projects', { project_id: values['project_id'] });
        made(body.project_id);
      }}
    />
  );
}
