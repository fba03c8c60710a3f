import { useState } from 'preact/hooks';
import type { NewAccessKey } from '../../../../admin/schemas/models.ts';
import { useSignedIn } from '../../../api/session.tsx';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { useSurface } from '../../../parts/surface.tsx';
import { callersInWords, type SeenModel } from './seen-model.ts';

export interface Revealed {
  readonly isShown: boolean;
  readonly toggle: () => void;
}

/** Whether the access key of a model is shown: never on another model's page because it was on this one. */
export function useRevealed(modelId: string): Revealed {
  const [shown, setShown] = useState<string>();
  const isShown = shown === modelId;
  return { isShown, toggle: () => setShown(isShown ? undefined : modelId) };
}

interface Props {
  readonly seen: SeenModel;
  readonly changed: () => void;
  readonly revealed: Revealed;
}

/** The key that calls name the model by: hidden until it is asked for, and shown to those who may. */
export function AccessKey({ seen, changed, revealed }: Props) {
  const { access_key } = seen.model;
  const regenerate = useRegenerate(seen, changed);
  return (
    <section class="part">
      <h2>Access key</h2>
      {access_key === undefined ? (
        <p>
          It says which model is called, and is shown to those who hold write or more on the project. Ask one of them
          for it.
        </p>
      ) : (
        <>
          <p>It says which model is called. Keep it confidential.</p>
          <div class="secret">
            {revealed.isShown ? (
              <code>{access_key}</code>
            ) : (
              <code role="img" aria-label="hidden">
                {'•'.repeat(16)}
              </code>
            )}
            <button type="button" aria-pressed={revealed.isShown} onClick={revealed.toggle}>
              {revealed.isShown ? 'Hide access key' : 'Show access key'}
            </button>
            <CopyButton text={access_key} what="the access key" />
            <button type="button" class="danger" onClick={regenerate}>
              Regenerate
            </button>
          </div>
        </>
      )}
    </section>
  );
}

function useRegenerate({ path, model }: SeenModel, changed: () => void) {
  const { api } = useSignedIn();
  const { confirm, tell } = useSurface();
  const { model_id } = model;
  return async () =>
    confirm({
      title: `Regenerate the access key of ${model_id}?`,
      says: (
        <>
          <p>
            The access key that callers have stops at once: their calls get 404 until each of them has the new one. This
            can't be undone.
          </p>
          <p>{await callersInWords(api, path)} Callers without an API key are not known.</p>
        </>
      ),
      verb: 'Regenerate access key',
      name: model_id,
      act: async () => {
        const { revision } = await api.send<NewAccessKey>('POST', `${path}:regenerate_access_key`);
        tell(`${model_id} has a new access key, and the old one is refused.`, revision);
        changed();
      },
    });
}
