import { useState } from 'preact/hooks';
import { link, useQuery } from '../../route.ts';
import { CallStep } from './call-step.tsx';
import { KeyStep } from './key-step.tsx';
import { ModelStep } from './model-step.tsx';
import { ProjectStep } from './project-step.tsx';

/** From nothing to a call that succeeds: a project, a model, a key, the call. What is done stands in the address, but for the secret. */
export function StartPage() {
  const [{ project, model }, change] = useQuery();
  const [apiKey, setApiKey] = useState<string>();
  return (
    <>
      <h1>First call in four steps</h1>
      <ol class="steps">
        <li>
          <h2>A project, which owns models</h2>
          {project ? (
            <p>
              <span class="good">Done:</span> <a href={link`/projects/${project}`}>{project}</a>
            </p>
          ) : (
            <ProjectStep made={id => change({ project: id })} />
          )}
        </li>
        <li>
          <h2>A model, which is what gets called</h2>
          {project && model && (
            <p>
              <span class="good">Done:</span> <a href={link`/projects/${project}/models/${model}`}>{model}</a>
            </p>
          )}
          {project && !model && <ModelStep projectId={project} made={id => change({ model: id })} />}
        </li>
        <li>
          <h2>An API key, which says who calls</h2>
          {apiKey && (
            <p>
              <span class="good">Done:</span> you have it.
            </p>
          )}
          {project && model && !apiKey && <KeyStep projectId={project} modelId={model} made={setApiKey} />}
        </li>
        <li>
          <h2>The call</h2>
          {project && model && apiKey && <CallStep projectId={project} modelId={model} apiKey={apiKey} />}
        </li>
      </ol>
    </>
  );
}
