import type { Project } from '../../../admin/schemas/projects.ts';
import { apiPath } from '../../api/api.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import type { Params } from '../../pages.ts';
import { ErrorBoundary } from '../../parts/error-boundary.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Time } from '../../parts/time.tsx';
import { useDoing } from '../../parts/use-doing.ts';
import { Collaborators } from './collaborators.tsx';
import { DeleteProject } from './delete-project.tsx';
import { EditProjectDialog } from './edit-project-dialog.tsx';
import { Owner } from './owner.tsx';
import { ProjectModels } from './project-models.tsx';

/** One project: its models, and who may do what with them. */
export function ProjectPage({ params }: { params: Params }) {
  const id = params['project'] ?? '';
  const { data, error, reload } = useLoaded(id, (api, signal) =>
    api.get<Project>(apiPath`/projects/${id}`, {}, signal),
  );
  if (error) {
    return <Problem error={error} retry={reload} page={`Project ${id}`} />;
  }
  return data ? <ShownProject project={data} changed={reload} /> : <Skeleton />;
}

function ShownProject({ project, changed }: { project: Project; changed: () => void }) {
  const doing = useDoing();
  const isAdmin = project.permission === 'admin';
  return (
    <>
      <div class="head">
        <h1>{project.name}</h1>
        {isAdmin && (
          <div class="actions">
            <button type="button" onClick={() => doing.begin('edit-project')}>
              Edit project
            </button>
            <DeleteProject project={project} />
          </div>
        )}
      </div>
      <dl class="facts">
        <dt>Project ID</dt>
        <dd>
          <code>{project.project_id}</code>
        </dd>
        <dt>Owner</dt>
        <dd>
          <Owner owner={project.owner} />
        </dd>
        <dt>Visibility</dt>
        <dd>{visibilityWords[project.visibility]}</dd>
        <dt>You hold</dt>
        <dd>{project.permission}</dd>
        <dt>Created</dt>
        <dd>
          <Time at={project.created_at} />
        </dd>
      </dl>
      <ErrorBoundary what="The list of models">
        <ProjectModels project={project} />
      </ErrorBoundary>
      {isAdmin && (
        <ErrorBoundary what="The list of collaborators">
          <Collaborators project={project} />
        </ErrorBoundary>
      )}
      {doing.act === 'edit-project' && <EditProjectDialog project={project} changed={changed} leave={doing.end} />}
    </>
  );
}

const visibilityWords: Readonly<Record<Project['visibility'], string>> = {
  private: 'private: its owner and collaborators may call its models',
  organization: 'organization: its owner, collaborators and members of the owning team may call its models',
  public: 'public: everybody with an API key may call its models',
};
