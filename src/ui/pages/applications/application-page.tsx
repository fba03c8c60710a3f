import type { Application } from '../../../admin/schemas/applications.ts';
import { apiPath } from '../../api/api.ts';
import { useSignedIn } from '../../api/session.tsx';
import { useLoaded } from '../../api/use-loaded.ts';
import type { Params } from '../../pages.ts';
import { ErrorBoundary } from '../../parts/error-boundary.tsx';
import { counted } from '../../parts/in-words.ts';
import { Problem } from '../../parts/problem.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { useSurface } from '../../parts/surface.tsx';
import { go, link } from '../../route.ts';
import { KeyList } from '../api-keys/key-list.tsx';

/** One application and its keys. */
export function ApplicationPage({ params }: { params: Params }) {
  const name = params['application'] ?? '';
  const { data, error, reload } = useLoaded(name, (api, signal) =>
    api.get<Application>(apiPath`/applications/${name}`, {}, signal),
  );
  if (error) {
    return <Problem error={error} retry={reload} page={`Application ${name}`} />;
  }
  return data ? <ShownApplication application={data} changed={reload} /> : <Skeleton />;
}

function ShownApplication({ application, changed }: { application: Application; changed: () => void }) {
  const { name, owner, deactivated } = application;
  const { toggle, remove } = useApplicationActs(application, changed);
  return (
    <>
      <div class="head">
        <h1>Application {name}</h1>
        <div class="actions">
          <button type="button" class={deactivated ? '' : 'danger'} onClick={toggle}>
            {deactivated ? 'Activate' : 'Deactivate'}
          </button>
          <button type="button" class="danger" onClick={remove}>
            Delete application
          </button>
        </div>
      </div>
      <dl class="facts">
        <dt>Owner</dt>
        <dd>{owner}</dd>
        <dt>Standing</dt>
        <dd>{deactivated ? <span class="fault">deactivated</span> : 'active'}</dd>
      </dl>
      <h2>API keys</h2>
      <ErrorBoundary what="The list of keys">
        <KeyList owner={{ kind: 'application', name }} prefix="keys_" />
      </ErrorBoundary>
    </>
  );
}

function useApplicationActs({ name, deactivated }: Application, changed: () => void) {
  const { api } = useSignedIn();
  const { confirm, tell } = useSurface();
  const path = apiPath`/applications/${name}`;
  const countKeys = async () => counted((await api.get<Application>(path)).api_key_count, 'API key');
  const toggle = () =>
    confirm(
      countKeys().then(keys => ({
        title: deactivated ? `Activate ${name}?` : `Deactivate ${name}?`,
        says: deactivated ? (
          <p>New keys can be made for it. The keys that ended stay ended.</p>
        ) : (
          <p>{keys} of it end for good: their calls are refused at once.</p>
        ),
        verb: deactivated ? 'Activate application' : 'Deactivate application',
        act: async () => {
          const { revision } = await api.send('PATCH', path, { deactivated: !deactivated });
          tell(`Application ${name} is ${deactivated ? 'active again, without keys' : 'deactivated'}.`, revision);
          changed();
        },
      })),
    );
  const remove = () =>
    confirm(
      countKeys().then(keys => ({
        title: `Delete application ${name}?`,
        says: <p>{keys} of it are deleted: their calls are refused at once. This can't be undone.</p>,
        verb: `Delete application and ${keys}`,
        name,
        act: async () => {
          const { revision } = await api.send('DELETE', path);
          tell(`Application ${name} is deleted.`, revision);
          go(link`/applications`, 'replace');
        },
      })),
    );
  return { toggle, remove };
}
