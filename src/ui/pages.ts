import type { FunctionComponent } from 'preact';
import { MyKeysPage } from './pages/api-keys/my-keys-page.tsx';
import { ApplicationPage } from './pages/applications/application-page.tsx';
import { ApplicationsPage } from './pages/applications/applications-page.tsx';
import { ExplainPage } from './pages/explain/explain-page.tsx';
import { LivePage } from './pages/live/live-page.tsx';
import { ModelPage } from './pages/models/model-page.tsx';
import { ModelsPage } from './pages/models/models-page.tsx';
import { ProjectPage } from './pages/projects/project-page.tsx';
import { ProjectsPage } from './pages/projects/projects-page.tsx';
import { AuditPage } from './pages/site/audit-page.tsx';
import { SettingsPage } from './pages/site/settings-page.tsx';
import { SidecarsPage } from './pages/site/sidecars-page.tsx';
import { StartPage } from './pages/start/start-page.tsx';
import { TeamPage } from './pages/teams/team-page.tsx';
import { TeamsPage } from './pages/teams/teams-page.tsx';
import { UserPage } from './pages/users/user-page.tsx';
import { UsersPage } from './pages/users/users-page.tsx';
import { link } from './route.ts';

export type Params = Readonly<Record<string, string>>;

/** A step of the way that the breadcrumb shows; without an address it is where you are. */
export interface Crumb {
  readonly text: string;
  readonly href?: string;
}

export interface Page {
  /** Below `#`, with `:name` for a part that varies. */
  readonly path: string;
  /** Its place in the navigation; absent: it is reached from another page. */
  readonly navigation?: { readonly text: string; readonly group: 'everybody' | 'site' };
  readonly crumbs: (params: Params) => readonly Crumb[];
  readonly View: FunctionComponent<{ readonly params: Params }>;
}

const param = (params: Params, name: string) => params[name] ?? '';
const projects = { text: 'Projects', href: link`/projects` };

/** Every page there is; the first whose path fits is shown, and the navigation has them in this order. */
export const pages: readonly Page[] = [
  {
    path: '/projects',
    navigation: { text: 'Projects', group: 'everybody' },
    crumbs: () => [{ text: 'Projects' }],
    View: ProjectsPage,
  },
  {
    path: '/projects/:project',
    crumbs: params => [projects, { text: param(params, 'project') }],
    View: ProjectPage,
  },
  {
    path: '/projects/:project/models/:model',
    crumbs: params => [
      projects,
      { text: param(params, 'project'), href: link`/projects/${param(params, 'project')}` },
      { text: param(params, 'model') },
    ],
    View: ModelPage,
  },
  { path: '/start', crumbs: () => [projects, { text: 'First call' }], View: StartPage },
  {
    path: '/keys',
    navigation: { text: 'My API keys', group: 'everybody' },
    crumbs: () => [{ text: 'My API keys' }],
    View: MyKeysPage,
  },
  {
    path: '/applications',
    navigation: { text: 'Applications', group: 'everybody' },
    crumbs: () => [{ text: 'Applications' }],
    View: ApplicationsPage,
  },
  {
    path: '/applications/:application',
    crumbs: params => [{ text: 'Applications', href: link`/applications` }, { text: param(params, 'application') }],
    View: ApplicationPage,
  },
  {
    path: '/teams',
    navigation: { text: 'Teams', group: 'everybody' },
    crumbs: () => [{ text: 'Teams' }],
    View: TeamsPage,
  },
  {
    path: '/teams/:team',
    crumbs: params => [{ text: 'Teams', href: link`/teams` }, { text: param(params, 'team') }],
    View: TeamPage,
  },
  {
    path: '/live',
    navigation: { text: 'Live', group: 'everybody' },
    crumbs: () => [{ text: 'Live' }],
    View: LivePage,
  },
  {
    path: '/explain',
    navigation: { text: 'Explain', group: 'everybody' },
    crumbs: () => [{ text: 'Explain' }],
    View: ExplainPage,
  },
  {
    path: '/users',
    navigation: { text: 'Users', group: 'site' },
    crumbs: () => [{ text: 'Users' }],
    View: UsersPage,
  },
  {
    path: '/users/:user',
    crumbs: params => [{ text: 'Users', href: link`/users` }, { text: param(params, 'user') }],
    View: UserPage,
  },
  {
    path: '/models',
    navigation: { text: 'Models', group: 'site' },
    crumbs: () => [{ text: 'Models' }],
    View: ModelsPage,
  },
  {
    path: '/settings',
    navigation: { text: 'Settings', group: 'site' },
    crumbs: () => [{ text: 'Settings' }],
    View: SettingsPage,
  },
  {
    path: '/audit',
    navigation: { text: 'Audit', group: 'site' },
    crumbs: () => [{ text: 'Audit' }],
    View: AuditPage,
  },
  {
    path: '/sidecars',
    navigation: { text: 'Sidecars', group: 'site' },
    crumbs: () => [{ text: 'Sidecars' }],
    View: SidecarsPage,
  },
];
