import type { Project, ProjectList } from '../../../admin/schemas/projects.ts';
import type { TeamList } from '../../../admin/schemas/teams.ts';
import type { User } from '../../../admin/schemas/users.ts';
import { apiPath } from '../../api/api.ts';
import { useSignedIn } from '../../api/session.tsx';
import { useLoaded } from '../../api/use-loaded.ts';
import type { Params } from '../../pages.ts';
import { ErrorBoundary } from '../../parts/error-boundary.tsx';
import { List } from '../../parts/list/list.tsx';
import type { Column } from '../../parts/list/table.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Time } from '../../parts/time.tsx';
import { link } from '../../route.ts';
import { KeyList } from '../api-keys/key-list.tsx';
import { Owner } from '../projects/owner.tsx';
import { ProviderIdentity } from './provider-identity.tsx';
import { UserActions } from './user-actions.tsx';
import { Standing } from './users-page.tsx';

const projectColumn: Column<Project> = {
  title: 'Project',
  sort: 'project_id',
  cell: ({ project_id }) => <a href={link`/projects/${project_id}`}>{project_id}</a>,
};

/** One user: who they are, their keys, what they own and what others let them into. */
export function UserPage({ params }: { params: Params }) {
  const name = params['user'] ?? '';
  const { data, error, reload } = useLoaded(name, (api, signal) => api.get<User>(apiPath`/users/${name}`, {}, signal));
  if (error) {
    return <Problem error={error} retry={reload} page={`User ${name}`} />;
  }
  return data ? <ShownUser user={data} changed={reload} /> : <Skeleton />;
}

function ShownUser({ user, changed }: { user: User; changed: () => void }) {
  const { session } = useSignedIn();
  return (
    <>
      <div class="head">
        <h1>{user.name || user.username}</h1>
        <UserActions user={user} changed={changed} />
      </div>
      <dl class="facts">
        <dt>User name</dt>
        <dd>
          <code>{user.username}</code>
        </dd>
        <dt>E-mail</dt>
        <dd>{user.email || <span class="soft">none is known</span>}</dd>
        <dt>Standing</dt>
        <dd>
          <Standing user={user} />
        </dd>
        <dt>Created</dt>
        <dd>
          <Time at={user.created_at} />
        </dd>
        <ProviderIdentity user={user} />
      </dl>
      <h2>API keys</h2>
      <ErrorBoundary what="The list of keys">
        <KeyList
          owner={{ kind: 'user', name: user.username }}
          prefix="keys_"
          hasShortcut={session.site_admin}
          mayMake={session.username === user.username || !user.site_admin}
        />
      </ErrorBoundary>
      <h2>Projects that {user.username} owns</h2>
      <ErrorBoundary what="The list of projects">
        <List
          title="Projects"
          path="/projects"
          fixed={{ owner: user.username }}
          prefix="projects_"
          entriesOf={(body: ProjectList) => body.projects}
          idOf={({ project_id }) => project_id}
          columns={[
            projectColumn,
            { title: 'Name', sort: 'name', cell: ({ name }) => name },
            { title: 'Visibility', cell: ({ visibility }) => visibility },
          ]}
          empty={<p>None. Whoever makes a project owns it.</p>}
        />
      </ErrorBoundary>
      <h2>Projects that {user.username} was added to, directly or by a team</h2>
      <ErrorBoundary what="The list of projects of others">
        <List
          title="Projects of others"
          noun={['project', 'projects']}
          path="/projects"
          fixed={{ collaborator: user.username }}
          prefix="others_"
          entriesOf={(body: ProjectList) => body.projects}
          idOf={({ project_id }) => project_id}
          columns={[
            projectColumn,
            { title: 'Name', sort: 'name', cell: ({ name }) => name },
            { title: 'Owner', cell: ({ owner }) => <Owner owner={owner} /> },
            { title: 'Holds', cell: ({ collaborator_permission }) => collaborator_permission ?? 'nothing any more' },
          ]}
          empty={<p>None. Models of public projects may be called by everybody who holds an API key.</p>}
        />
      </ErrorBoundary>
      <h2>Teams of {user.username}</h2>
      <ErrorBoundary what="The list of teams">
        <List
          title="Teams"
          path="/teams"
          fixed={{ member: user.username }}
          prefix="teams_"
          entriesOf={(body: TeamList) => body.teams}
          idOf={({ team }) => team}
          columns={[
            { title: 'Team', sort: 'team', cell: ({ team }) => <a href={link`/teams/${team}`}>{team}</a> },
            { title: 'Created', sort: 'created_at', cell: ({ created_at }) => <Time at={created_at} /> },
          ]}
          empty={<p>None. A team lends its members what it may call.</p>}
        />
      </ErrorBoundary>
      {session.site_admin && (
        <p>
          <a href={`${link`/audit`}?actor=${encodeURIComponent(user.username)}`}>
            What {user.username} did, in the audit
          </a>
        </p>
      )}
    </>
  );
}
