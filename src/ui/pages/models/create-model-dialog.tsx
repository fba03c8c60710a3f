import type { Model } from '../../../admin/schemas/models.ts';
import { apiPath } from '../../api/api.ts';
import { useSignedIn } from '../../api/session.tsx';
import { checkIdentifier, type Field, type Values } from '../../parts/form/field.ts';
import { FormDialog } from '../../parts/form/form-dialog.tsx';
import { useSurface } from '../../parts/surface.tsx';
import { go, link } from '../../route.ts';

/** Makes a model in a project and goes to it. */
export function CreateModelDialog({ projectId, leave }: { projectId: string; leave: () => void }) {
  const { api, session } = useSignedIn();
  const { tell } = useSurface();
  const send = async (values: Values) => {
    const { body, revision } = await api.send<Model>(
      'POST',
      apiPath`/projects/${projectId}/models`,
      toNewModel(values),
    );
    tell(`Model ${body.model_id} is made.`, revision);
    go(link`/projects/${projectId}/models/${body.model_id}`, 'replace');
  };
  return (
    <FormDialog
      title={`Create a model in project ${projectId}`}
      fields={[...modelFields(session.site_admin), openField]}
      submit="Create model"
      send={send}
      leave={leave}
    />
  );
}

/** What names a model; its id and target name the cluster that gets the calls, so only site admins choose them. */
export function modelFields(isSiteAdmin: boolean): Field[] {
  const name: Field = { name: 'name', label: 'Name for people', kind: 'text' };
  if (!isSiteAdmin) {
    return [name];
  }
  return [
    {
      name: 'model_id',
      label: 'Model ID',
      kind: 'text',
      hint: 'Left empty, one is made. It is also the target, unless that is set.',
      check: checkIdentifier,
    },
    name,
    {
      name: 'target',
      label: 'Target',
      kind: 'text',
      hint: 'Name of the Envoy cluster that serves the model. Left empty, it is the model ID.',
      check: checkIdentifier,
    },
  ];
}

const openField: Field = {
  name: 'disable_authentication',
  label: 'Let everybody call it without an API key',
  kind: 'check',
  hint: 'Authentication is on unless this is said. It can be enabled later.',
};

/** As the API takes it: what was left empty is left out. */
export function toNewModel({ disable_authentication, ...texts }: Values): object {
  const given = Object.entries(texts).filter(([, text]) => text !== '');
  return { ...Object.fromEntries(given), ...(disable_authentication ? { disable_authentication: true } : {}) };
}
