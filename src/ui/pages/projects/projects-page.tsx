import type { Project, ProjectList } from '../../../admin/schemas/projects.ts';
import { List } from '../../parts/list/list.tsx';
import { Time } from '../../parts/time.tsx';
import { link } from '../../route.ts';

/** The projects that the caller may read. */
export function ProjectsPage() {
  return (
    <>
      <h1>Projects</h1>
      <List<Project>
        title="Projects"
        path="/projects"
        entriesOf={(body: ProjectList) => body.projects}
        idOf={project => project.project_id}
        search="Find a project"
        columns={[
          {
            title: 'Project',
            sort: 'project_id',
            cell: ({ project_id }) => <a href={link`/projects/${project_id}`}>{project_id}</a>,
          },
          { title: 'Name', sort: 'name', cell: ({ name }) => name },
          { title: 'Created', sort: 'created_at', cell: ({ created_at }) => <Time at={created_at} /> },
        ]}
        empty={<p>A project owns models, and says who may call them.</p>}
      />
    </>
  );
}
