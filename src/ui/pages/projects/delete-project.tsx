import type { ModelList } from '../../../admin/schemas/models.ts';
import type { Project } from '../../../admin/schemas/projects.ts';
import { apiPath } from '../../api/api.ts';
import { useSignedIn } from '../../api/session.tsx';
import type { Question } from '../../parts/confirm-dialog.tsx';
import { counted } from '../../parts/in-words.ts';
import { useSurface } from '../../parts/surface.tsx';
import { go, link } from '../../route.ts';

/** Deletes a project with its models, which can't be undone. */
export function DeleteProject({ project }: { project: Project }) {
  const { api } = useSignedIn();
  const { confirm, tell } = useSurface();
  const path = apiPath`/projects/${project.project_id}`;
  const question = async (): Promise<Question> => {
    const { models, next_page_token } = await api.get<ModelList>(`${path}/models`, { page_size: 1000 });
    const count = models.length;
    const howMany = `${next_page_token ? 'more than ' : ''}${counted(count, 'model')}`;
    return {
      title: `Delete project ${project.project_id}?`,
      says: (
        <p>
          {howMany} of it {count === 1 ? 'is' : 'are'} deleted with it:{' '}
          {count === 1 ? 'its access key stops' : 'their access keys stop'} at once, for every caller. This can't be
          undone.
        </p>
      ),
      verb: count === 0 ? 'Delete project' : `Delete project and ${howMany}`,
      name: project.project_id,
      act: async () => {
        const { revision } = await api.send('DELETE', `${path}?cascade=true`);
        tell(`Project ${project.project_id} is deleted.`, revision);
        go(link`/projects`, 'replace');
      },
    };
  };
  return (
    <button type="button" class="danger" onClick={() => confirm(question())}>
      Delete project
    </button>
  );
}
