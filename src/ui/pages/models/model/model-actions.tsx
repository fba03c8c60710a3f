import type { Model } from '../../../../admin/schemas/models.ts';
import { useSignedIn } from '../../../api/session.tsx';
import { checkIdentifier, type Field } from '../../../parts/form/field.ts';
import { FormDialog } from '../../../parts/form/form-dialog.tsx';
import { useSurface } from '../../../parts/surface.tsx';
import { useDoing } from '../../../parts/use-doing.ts';
import { go, link } from '../../../route.ts';
import { callersInWords, type SeenModel } from './seen-model.ts';

interface Props {
  readonly seen: SeenModel;
  readonly changed: () => void;
}

/** What can be done with the model as a whole. */
export function ModelActions({ seen, changed }: Props) {
  const { api, session } = useSignedIn();
  const { tell } = useSurface();
  const doing = useDoing();
  const { toggle, remove } = useModelActs(seen, changed);
  const { model, path } = seen;
  const isRunning = model.state === 'running';
  return (
    <div class="actions">
      <button type="button" onClick={() => doing.begin('edit-model')}>
        Edit model
      </button>
      <button type="button" class={isRunning ? 'danger' : ''} onClick={toggle}>
        {isRunning ? 'Stop model' : 'Start model'}
      </button>
      <button type="button" class="danger" onClick={remove}>
        Delete model
      </button>
      {doing.act === 'edit-model' && (
        <FormDialog
          title={`Edit model ${model.model_id}`}
          fields={editFields(model, session.site_admin)}
          submit="Save model"
          send={async values => {
            const { revision } = await api.send('PATCH', path, values);
            tell(`Model ${model.model_id} is changed.`, revision);
            doing.end();
            changed();
          }}
          leave={doing.end}
        />
      )}
    </div>
  );
}

function editFields({ name, target }: Model, isSiteAdmin: boolean): Field[] {
  const targetField: Field = {
    name: 'target',
    label: 'Target',
    kind: 'text',
    value: target,
    isRequired: true,
    hint: 'Name of the Envoy cluster that gets the calls.',
    check: checkIdentifier,
  };
  return [{ name: 'name', label: 'Name for people', kind: 'text', value: name }, ...(isSiteAdmin ? [targetField] : [])];
}

function useModelActs({ path, model }: SeenModel, changed: () => void) {
  const { api } = useSignedIn();
  const { confirm, tell } = useSurface();
  const { model_id, project_id, state } = model;
  const setState = async (next: Model['state']) => {
    const { revision } = await api.send('PATCH', path, { state: next });
    tell(`Model ${model_id} is ${next}.`, revision);
    changed();
  };
  const toggle = async () =>
    confirm(
      state === 'running'
        ? {
            title: `Stop ${model_id}?`,
            says: (
              <p>
                Every call of it gets 503 until it is started again. Keys stay as they are.{' '}
                {await callersInWords(api, path)}
              </p>
            ),
            verb: 'Stop model',
            act: () => setState('stopped'),
          }
        : {
            title: `Start ${model_id}?`,
            says: <p>Calls go to its target again, by the keys that there are.</p>,
            verb: 'Start model',
            act: () => setState('running'),
          },
    );
  const remove = async () =>
    confirm({
      title: `Delete model ${model_id}?`,
      says: (
        <p>Its access key stops at once, for every caller. {await callersInWords(api, path)} This can't be undone.</p>
      ),
      verb: 'Delete model',
      name: model_id,
      act: async () => {
        const { revision } = await api.send('DELETE', path);
        tell(`Model ${model_id} is deleted.`, revision);
        go(link`/projects/${project_id}`, 'replace');
      },
    });
  return { toggle, remove };
}
