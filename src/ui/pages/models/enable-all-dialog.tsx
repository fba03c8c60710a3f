import type { EnabledCount, Model, ModelList } from '../../../admin/schemas/models.ts';
import type { Api } from '../../api/api.ts';
import { useSignedIn } from '../../api/session.tsx';
import { useLoaded } from '../../api/use-loaded.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Form } from '../../parts/form/form.tsx';
import { counted } from '../../parts/in-words.ts';
import { Problem } from '../../parts/problem.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { useSurface } from '../../parts/surface.tsx';

/** More than this would not be read by anybody. */
const namedMax = 200;

/** Enables authentication for every model that has it off, having shown which these are (B34). */
export function EnableAllDialog({ changed, leave }: { changed: () => void; leave: () => void }) {
  const { api } = useSignedIn();
  const { tell } = useSurface();
  const { data, error, reload } = useLoaded('open models', readOpenModels);
  const enable = async () => {
    const { body, revision } = await api.send<EnabledCount>('POST', '/models:enable_authentication', {});
    tell(`Authentication is enabled for ${counted(body.enabled, 'model')}.`, revision);
    leave();
    changed();
  };
  return (
    <Dialog title="Enable authentication for all models?" leave={leave}>
      {error && <Problem error={error} retry={reload} />}
      {!data && !error && <Skeleton />}
      {data?.length === 0 && (
        <>
          <p>Every model has authentication on: there is nothing to change.</p>
          <div class="actions">
            <button type="button" onClick={leave}>
              Close
            </button>
          </div>
        </>
      )}
      {data && data.length > 0 && (
        <Form
          fields={[]}
          submit={`Enable for ${counted(data.length, 'model')}`}
          send={enable}
          leave={leave}
          isDangerous
        >
          <p>
            {counted(data.length, 'model')} {data.length === 1 ? 'has' : 'have'} authentication off. From then on, calls
            of them without a valid API key of a collaborator are refused. Each can be switched back.
          </p>
          <OpenModels models={data} />
        </Form>
      )}
    </Dialog>
  );
}

function OpenModels({ models }: { models: readonly Model[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <section class="scrolled" aria-label="Models that change" tabIndex={0}>
      <ul>
        {models.slice(0, namedMax).map(({ model_id, project_id, auth_shadow }) => (
          <li key={model_id}>
            {model_id} <span class="soft">in {project_id}</span>
            {auth_shadow && <span class="soft">, in shadow</span>}
          </li>
        ))}
      </ul>
      {models.length > namedMax && <p>and {counted(models.length - namedMax, 'other')}</p>}
    </section>
  );
}

async function readOpenModels(api: Api, signal: AbortSignal): Promise<Model[]> {
  const models: Model[] = [];
  let page_token = '';
  do {
    const page = await api.get<ModelList>('/models', { auth_enabled: 'false', page_size: 1000, page_token }, signal);
    models.push(...page.models);
    page_token = page.next_page_token;
  } while (page_token !== '');
  return models;
}
