import type { Model } from '../../../admin/schemas/models.ts';
import { apiPath } from '../../api/api.ts';
import { useSignedIn } from '../../api/session.tsx';
import { Form } from '../../parts/form/form.tsx';
import { modelFields, toNewModel } from '../models/create-model-dialog.tsx';

/** Makes a model in the project, with authentication on. */
export function ModelStep({ projectId, made }: { projectId: string; made: (id: string) => void }) {
  const { api, session } = useSignedIn();
  return (
    <Form
      fields={modelFields(session.site_admin)}
      submit="Create model"
      send={async values => {
        const path = apiPath`/projects/${projectId}/models`;
        const { body } = await api.send<Model>('POST', path, toNewModel(values));
        made(body.model_id);
      }}
    />
  );
}
