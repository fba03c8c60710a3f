import type { Project, ProjectList } from '../../../admin/schemas/projects.ts';
import { List } from '../../parts/list/list.tsx';
import { Time } from '../../parts/time.tsx';
import { useDoing } from '../../parts/use-doing.ts';
import { link } from '../../route.ts';
import { CreateProjectDialog } from './create-project-dialog.tsx';
import { Owner } from './owner.tsx';
import { visibilities } from './visibility.ts';

/** The projects that the caller may read. */
export function ProjectsPage() {
  const doing = useDoing();
  return (
    <>
      <div class="head">
        <h1>Projects</h1>
        <div class="actions">
          <button type="button" class="main" onClick={() => doing.begin('create-project')}>
            Create project
          </button>
          <a class="button" href={link`/start`}>
            First call in four steps
          </a>
        </div>
      </div>
      <List<Project>
        title="Projects"
        path="/projects"
        entriesOf={(body: ProjectList) => body.projects}
        idOf={project => project.project_id}
        search="Find by id or name"
        filters={[{ name: 'visibility', label: 'Visibility', options: visibilities }]}
        columns={[
          {
            title: 'Project',
            sort: 'project_id',
            cell: ({ project_id }) => <a href={link`/projects/${project_id}`}>{project_id}</a>,
          },
          { title: 'Name', sort: 'name', cell: ({ name }) => name },
          { title: 'Owner', cell: ({ owner }) => <Owner owner={owner} /> },
          { title: 'Visibility', cell: ({ visibility }) => visibility },
          { title: 'You hold', cell: ({ permission }) => permission },
          { title: 'Created', sort: 'created_at', cell: ({ created_at }) => <Time at={created_at} /> },
        ]}
        empty={
          <>
            <p>
              A project owns models, and says who may call them. There is none that you may read yet: make one, or ask
              an admin of a project to add you.
            </p>
            <p>
              <a href={link`/start`}>Make a project, a model and a key, and see the first call succeed</a>
            </p>
          </>
        }
      />
      {doing.act === 'create-project' && <CreateProjectDialog leave={doing.end} />}
    </>
  );
}
