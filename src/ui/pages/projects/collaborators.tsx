import type { Collaborator, CollaboratorList, TeamCollaborator } from '../../../admin/schemas/collaborators.ts';
import type { Project } from '../../../admin/schemas/projects.ts';
import { apiPath } from '../../api/api.ts';
import { useSignedIn } from '../../api/session.tsx';
import { List } from '../../parts/list/list.tsx';
import { useSurface } from '../../parts/surface.tsx';
import { useDoing } from '../../parts/use-doing.ts';
import { useVersion } from '../../parts/use-version.ts';
import { CollaboratorDialog } from './collaborator-dialog.tsx';
import { TeamCollaboratorDialog } from './team-collaborator-dialog.tsx';

/** A user, application or team that was added to a project. */
type Added = { readonly kind: 'team'; readonly name: string; readonly of: TeamCollaborator } | Person;
interface Person {
  readonly kind: 'user' | 'application';
  readonly name: string;
  readonly of: Collaborator;
}

/** Who was added to a project, and with what permission. */
export function Collaborators({ project }: { project: Project }) {
  const { api } = useSignedIn();
  const { confirm, tell } = useSurface();
  const doing = useDoing();
  const [version, changed] = useVersion();
  const path = apiPath`/projects/${project.project_id}`;
  const remove = ({ kind, name }: Added) =>
    confirm({
      title: `Remove ${kind} ${name} from project ${project.project_id}?`,
      says: <p>{whatStops[kind](name)}</p>,
      verb: `Remove ${name}`,
      act: async () => {
        const place = kind === 'team' ? 'team_collaborators' : 'collaborators';
        const { revision } = await api.send('DELETE', `${path}/${place}${apiPath`/${name}`}`);
        tell(`${name} is removed from the project.`, revision);
        changed();
      },
    });
  const change = (added: Added) =>
    added.kind === 'team'
      ? doing.begin('put-team', added.name, added.of.mode === 'override' ? added.of.permission : '')
      : doing.begin('put-collaborator', added.name, added.of.permission);
  return (
    <section>
      <div class="head">
        <h2>Collaborators</h2>
        <div class="actions">
          <button type="button" onClick={() => doing.begin('put-collaborator')}>
            Add user or application
          </button>
          <button type="button" onClick={() => doing.begin('put-team')}>
            Add team
          </button>
        </div>
      </div>
      <List<Added>
        title="Collaborators"
        path={`${path}/collaborators`}
        prefix="who_"
        version={version}
        entriesOf={toAdded}
        idOf={({ kind, name }) => `${kind} ${name}`}
        search="Find by name"
        columns={[
          { title: 'Name', sort: 'name', cell: ({ name }) => name },
          { title: 'Kind', cell: ({ kind }) => kind },
          { title: 'Permission', sort: 'permission', cell: added => heldBy(added) },
          {
            title: '',
            cell: added => (
              <span class="row-actions">
                <button type="button" aria-label={`Change ${added.name}`} onClick={() => change(added)}>
                  Change
                </button>
                <button type="button" class="danger" aria-label={`Remove ${added.name}`} onClick={() => remove(added)}>
                  Remove
                </button>
              </span>
            ),
          },
        ]}
        empty={
          <p>
            Collaborators may call the models of the project, or more. Its owner needs no place here. Nobody was added
            yet.
          </p>
        }
      />
      {doing.act === 'put-collaborator' && (
        <CollaboratorDialog
          projectId={project.project_id}
          name={doing.on}
          held={doing.was}
          changed={changed}
          leave={doing.end}
        />
      )}
      {doing.act === 'put-team' && (
        <TeamCollaboratorDialog
          projectId={project.project_id}
          team={doing.on}
          override={doing.was}
          changed={changed}
          leave={doing.end}
        />
      )}
    </section>
  );
}

function toAdded({ collaborators, team_collaborators }: CollaboratorList): Added[] {
  return [
    ...collaborators.map(of => ({ kind: of.kind, name: of.username, of })),
    ...team_collaborators.map(of => ({ kind: 'team' as const, name: of.team, of })),
  ];
}

function heldBy(added: Added): string {
  if (added.kind !== 'team') {
    return added.of.permission;
  }
  return added.of.mode === 'inherit'
    ? 'what each member holds in the team'
    : `${added.of.permission}, for every member`;
}

const whatStops: Readonly<Record<Added['kind'], (name: string) => string>> = {
  user: name =>
    `All API keys of ${name} stop calling the models of this project, unless a team or public visibility lets them.`,
  application: name => `All API keys of ${name} stop calling the models of this project, unless it is public.`,
  team: name =>
    `The API keys of all members of ${name} stop calling the models of this project, unless something else lets them.`,
};
