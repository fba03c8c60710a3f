import type { ShadowDenialList } from '../../../../admin/schemas/models.ts';
import { type Api, apiPath } from '../../../api/api.ts';
import { useSignedIn } from '../../../api/session.tsx';
import { ErrorBoundary } from '../../../parts/error-boundary.tsx';
import { counted } from '../../../parts/in-words.ts';
import { useSurface } from '../../../parts/surface.tsx';
import type { SeenModel } from './seen-model.ts';
import { ShadowDenials } from './shadow-denials.tsx';

interface Props {
  readonly seen: SeenModel;
  readonly changed: () => void;
}

/** Whether calls need an API key, what that means, and whom a change would break. */
export function ModelAuthentication({ seen, changed }: Props) {
  const { model, mayWrite, isAdmin } = seen;
  const { switchAuthentication, switchShadow } = useSwitches(seen, changed);
  const { auth_enabled, auth_shadow } = model;
  return (
    <section class="part">
      <h2>Authentication</h2>
      {auth_enabled ? (
        <p>
          <strong class="good">On.</strong> A call needs the access key and an API key of somebody who holds read or
          more on project {model.project_id}.
        </p>
      ) : (
        <p>
          <strong class="warning">Off.</strong> Whoever knows the access key may call it: nobody is asked for an API
          key.
        </p>
      )}
      {!auth_enabled && (
        <p>
          {auth_shadow
            ? 'Shadow is on: each call is decided as if authentication were on, let through all the same, and counted where it would be refused.'
            : 'Shadow is off. Turn it on to see who would be refused before you enable authentication.'}
        </p>
      )}
      {mayWrite && (
        <div class="actions">
          <button type="button" class={auth_enabled ? 'danger' : 'main'} onClick={switchAuthentication}>
            {auth_enabled ? 'Disable authentication' : 'Enable authentication'}
          </button>
          {!auth_enabled && (
            <button type="button" onClick={switchShadow}>
              {auth_shadow ? 'Turn shadow off' : 'Turn shadow on'}
            </button>
          )}
        </div>
      )}
      {!auth_enabled && auth_shadow && isAdmin && (
        <ErrorBoundary what="The list of who would be refused">
          <ShadowDenials path={seen.path} />
        </ErrorBoundary>
      )}
    </section>
  );
}

function useSwitches({ path, model, isAdmin }: SeenModel, changed: () => void) {
  const { api } = useSignedIn();
  const { confirm, tell } = useSurface();
  const { model_id, auth_shadow } = model;
  const patch = async (changes: object, told: string) => {
    const { revision } = await api.send('PATCH', path, changes);
    tell(told, revision);
    changed();
  };
  const enable = async () =>
    confirm({
      title: `Enable authentication of ${model_id}?`,
      says: <p>{await whoWouldBeRefused(api, model, isAdmin)}</p>,
      verb: 'Enable authentication',
      act: () => patch({ auth_enabled: true }, `Authentication of ${model_id} is on.`),
    });
  const disable = () =>
    confirm({
      title: `Disable authentication of ${model_id}?`,
      says: (
        <p>
          From then on, whoever knows the access key may call it, without an API key. Nobody is refused for who they
          are, and who called is known only where a key is sent all the same.
        </p>
      ),
      verb: 'Disable authentication',
      act: () => patch({ auth_enabled: false }, `Authentication of ${model_id} is off.`),
    });
  const switchShadow = () =>
    patch({ auth_shadow: !auth_shadow }, `Shadow of ${model_id} is ${auth_shadow ? 'off' : 'on'}.`);
  return { switchAuthentication: model.auth_enabled ? disable : enable, switchShadow };
}

/** What shadow counted, as far as it is on and may be read. */
async function whoWouldBeRefused(api: Api, model: SeenModel['model'], isAdmin: boolean): Promise<string> {
  const from = `From then on, a call needs an API key of somebody who holds read or more on project ${model.project_id}.`;
  if (!model.auth_shadow) {
    return `${from} Who that would break is not known: shadow, turned on for a while, tells.`;
  }
  if (!isAdmin) {
    return `${from} An admin of the project can see here whom shadow would refuse.`;
  }
  const path = apiPath`/projects/${model.project_id}/models/${model.model_id}/shadow_denials`;
  const { shadow_denials, next_page_token, calls, refused_calls } = await api.get<ShadowDenialList>(path, {
    page_size: 1000,
  });
  if (calls === 0) {
    return `${from} Since shadow was turned on, no call came: whom that would break is not known.`;
  }
  const more = next_page_token === '' ? '' : 'more than ';
  const of = `Since shadow was turned on, of ${counted(calls, 'call')} it would have refused`;
  return refused_calls === 0
    ? `${from} ${of} none.`
    : `${from} ${of} ${refused_calls.toLocaleString('en')}, of ${more}${counted(shadow_denials.length, 'caller')}.`;
}
