import type { Model } from '../../../admin/schemas/models.ts';
import type { Project } from '../../../admin/schemas/projects.ts';
import { type Api, apiPath } from '../../api/api.ts';
import { useSignedIn } from '../../api/session.tsx';
import { useLoaded } from '../../api/use-loaded.ts';
import type { Params } from '../../pages.ts';
import { ErrorBoundary } from '../../parts/error-boundary.tsx';
import { Problem } from '../../parts/problem.tsx';
import { SampleCalls } from '../../parts/sample-calls.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Time } from '../../parts/time.tsx';
import { link } from '../../route.ts';
import { AccessKey, useRevealed } from './model/access-key.tsx';
import { ModelActions } from './model/model-actions.tsx';
import { ModelAuthentication } from './model/model-authentication.tsx';
import type { SeenModel } from './model/seen-model.ts';
import { TestModel } from './model/test-model.tsx';

/** One model: how it is called, by whom, and whether it works. */
export function ModelPage({ params }: { params: Params }) {
  const [projectId, modelId] = [params['project'] ?? '', params['model'] ?? ''];
  const { data, error, reload } = useLoaded(`${projectId}/${modelId}`, (api, signal) =>
    readModel(api, projectId, modelId, signal),
  );
  if (error) {
    return <Problem error={error} retry={reload} />;
  }
  return data ? <ShownModel seen={data} changed={reload} /> : <Skeleton />;
}

async function readModel(api: Api, projectId: string, modelId: string, signal: AbortSignal): Promise<SeenModel> {
  const path = apiPath`/projects/${projectId}/models/${modelId}`;
  const [model, project] = await Promise.all([
    api.get<Model>(path, {}, signal),
    api.get<Project>(apiPath`/projects/${projectId}`, {}, signal),
  ]);
  const { permission } = project;
  return { path, model, isAdmin: permission === 'admin', mayWrite: permission === 'admin' || permission === 'write' };
}

function ShownModel({ seen, changed }: { seen: SeenModel; changed: () => void }) {
  const { session } = useSignedIn();
  const { model, mayWrite } = seen;
  const revealed = useRevealed(model.model_id);
  return (
    <>
      <div class="head">
        <h1>{model.name || model.model_id}</h1>
        {mayWrite && <ModelActions seen={seen} changed={changed} />}
      </div>
      <ModelFacts model={model} />
      <ModelAuthentication seen={seen} changed={changed} />
      <AccessKey seen={seen} changed={changed} revealed={revealed} />
      <section class="part">
        <h2>Call it</h2>
        <SampleCalls
          call={{
            gatewayUrl: session.site.gateway_url,
            accessKey: revealed.isShown ? model.access_key : undefined,
            apiKey: model.auth_enabled ? 'YOUR_API_KEY' : undefined,
          }}
        />
        {model.auth_enabled && (
          <p>
            An API key says who calls. <a href={link`/keys`}>Go to my API keys</a>
          </p>
        )}
      </section>
      <ErrorBoundary what="The test">
        <TestModel seen={seen} />
      </ErrorBoundary>
    </>
  );
}

function ModelFacts({ model }: { model: Model }) {
  const { project_id, model_id, state, target, created_at } = model;
  return (
    <dl class="facts">
      <dt>Project</dt>
      <dd>
        <a href={link`/projects/${project_id}`}>{project_id}</a>
      </dd>
      <dt>Model ID</dt>
      <dd>
        <code>{model_id}</code>
      </dd>
      <dt>State</dt>
      <dd>{state === 'running' ? 'running' : <span class="warning">stopped: its calls are refused</span>}</dd>
      <dt>Target</dt>
      <dd>
        <code>{target}</code> <span class="soft">(the Envoy cluster that serves it)</span>
      </dd>
      <dt>Created</dt>
      <dd>
        <Time at={created_at} />
      </dd>
    </dl>
  );
}
